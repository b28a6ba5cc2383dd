package io.penstock.router.fleet;

import io.penstock.router.config.LimitsConfig;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What one pool takes at once: the limit of each of its engines, the limit of all together, and the room for those that
 * wait. A place of the pool is reserved before an engine is picked and given back if none is, so that the pool never holds
 * more than its limit, on however many loops requests arrive. Requests are counted without a limit
 * too, so that one that is set while they run holds at once. Limits may change; who waits then stays in the room.
 *
 * <p>Threading: counter; lock-free.
 */
final class Admission {

    private volatile LimitsConfig limits;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final WaitingRoom room;

    /**
     * The admission of one pool.
     *
     * @param pool the pool as it is now
     */
    Admission(LimitsConfig limits, Supplier<PoolSnapshot> pool) {
        this.limits = limits;
        this.room = new WaitingRoom(this::limits, pool);
    }

    /** Requests one engine takes at once. */
    int engineLimit() {
        int limit = limits.engineRequests();
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    LimitsConfig limits() {
        return limits;
    }

    /** Takes so much from now on; requests that run are not affected. */
    void controlLimit(LimitsConfig now) {
        limits = now;
    }

    WaitingRoom room() {
        return room;
    }

    /** Takes a place in the pool; false if there is none. */
    boolean reserve() {
        int limit = limits.poolRequests();
        if (limit == 0) {
            inFlight.getAndIncrement();
            return true;
        }
        for (int seen = inFlight.get(); seen < limit; seen = inFlight.get()) {
            if (inFlight.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Gives a place back that no engine was found for. Who waits is not told; see {@link WaitingRoom}. */
    void giveBack() {
        inFlight.getAndDecrement();
    }

    /** A request ended, so that one that waits may have its place. Its engine counts it no more. */
    void ended() {
        giveBack();
        room.wake();
    }

    /** Requests in flight on the pool. */
    int inFlight() {
        return inFlight.get();
    }
}
