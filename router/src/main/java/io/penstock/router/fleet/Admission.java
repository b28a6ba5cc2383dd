package io.penstock.router.fleet;

import io.penstock.router.config.LimitsConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What one pool takes at once: the limit of each of its engines, the limit of all together, and the room for those that
 * wait. A place of the pool is reserved before an engine is picked and given back if none is, so that the pool never holds
 * more than its limit, on however many loops requests arrive. Without limits it costs a request one comparison at its
 * beginning and one look at a counter that never changes at its end.
 *
 * <p>Threading: counter; lock-free.
 */
final class Admission {

    private final int engineLimit;
    private final int poolLimit;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final WaitingRoom room;

    /**
     * The admission of one pool.
     *
     * @param pool the pool as it is now
     */
    Admission(LimitsConfig limits, Supplier<PoolSnapshot> pool) {
        this.engineLimit = limits.engineRequests() == 0 ? Integer.MAX_VALUE : limits.engineRequests();
        this.poolLimit = limits.poolRequests();
        this.room = new WaitingRoom(limits, pool);
    }

    /** Requests one engine takes at once. */
    int engineLimit() {
        return engineLimit;
    }

    WaitingRoom room() {
        return room;
    }

    /** Takes a place in the pool; false if there is none. */
    boolean reserve() {
        if (poolLimit == 0) {
            return true;
        }
        for (int seen = inFlight.get(); seen < poolLimit; seen = inFlight.get()) {
            if (inFlight.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Gives a place back that no engine was found for. Who waits is not told; see {@link WaitingRoom}. */
    void giveBack() {
        if (poolLimit != 0) {
            inFlight.getAndDecrement();
        }
    }

    /** A request ended, so that one that waits may have its place. Its engine counts it no more. */
    void ended() {
        giveBack();
        room.wake();
    }

    /** Requests in flight on the pool; counted only if the pool has a limit. */
    int inFlight() {
        return inFlight.get();
    }
}
