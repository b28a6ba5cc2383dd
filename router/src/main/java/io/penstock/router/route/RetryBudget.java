package io.penstock.router.route;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests of one route may be sent to a second engine after a first one had them: a share of the route's requests, so
 * that retries cannot double the load of a pool that fails because of its load (Finagle's retry budget, without its clock). Each
 * request earns a share of a retry, each retry costs a whole one, and what is unused is kept up to {@value #MOST}.
 *
 * <p>Threading: any thread, without locks. A budget that is full, as a healthy route's is, costs a request one volatile read.
 */
final class RetryBudget {

    /** A quiet route may retry so often at first. */
    private static final int AT_FIRST = 10;

    private static final int MOST = 100;
    private static final long WHOLE = 1_000_000;

    private final long share;
    private final AtomicLong balance = new AtomicLong(AT_FIRST * WHOLE);

    /** A budget of retries per request, from 0 to 1. */
    RetryBudget(double share) {
        this.share = Math.round(share * WHOLE);
        if (this.share == 0) {
            balance.set(0);
        }
    }

    /** A request came. */
    void earn() {
        long had = balance.get();
        while (had < MOST * WHOLE && share > 0 && !balance.compareAndSet(had, had + share)) {
            had = balance.get();
        }
    }

    /** Takes a whole retry, if there is one. */
    boolean spend() {
        long had = balance.get();
        while (had >= WHOLE) {
            if (balance.compareAndSet(had, had - WHOLE)) {
                return true;
            }
            had = balance.get();
        }
        return false;
    }
}
