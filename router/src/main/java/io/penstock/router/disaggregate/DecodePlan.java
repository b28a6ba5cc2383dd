package io.penstock.router.disaggregate;

import io.penstock.proxy.api.RoutePlan;
import io.penstock.router.config.Priority;

/** The way of a request through the decode engines of its pool, without regard to prefill. Threading: confined to the request's loop. */
public interface DecodePlan extends RoutePlan {

    /** Before whom it goes where requests wait. */
    Priority priority();

    /** How many engines of a kind may be asked at most. */
    int maxAttempts();

    /** The engine named last is not at fault: it may be named again, and does not count. */
    void spare();
}
