package io.penstock.proxy.runtime;

import io.netty.util.concurrent.EventExecutor;
import java.util.IdentityHashMap;

/** The {@link TickWheel} of each event loop. Threading: immutable. */
public final class TickWheels {

    /** What is held for tens of milliseconds may be held two more. */
    private static final long TICK_NANOS = 2_000_000;

    private final IdentityHashMap<EventExecutor, TickWheel> wheels = new IdentityHashMap<>();

    /** Makes one wheel for each loop. */
    public TickWheels(EventLoops loops, Ticker ticker) {
        for (EventExecutor loop : loops.group()) {
            wheels.put(loop, new TickWheel(loop, ticker, TICK_NANOS));
        }
    }

    /** The wheel of {@code loop}, which must be one of the loops this was made for. */
    public TickWheel of(EventExecutor loop) {
        TickWheel wheel = wheels.get(loop);
        if (wheel == null) {
            throw new IllegalArgumentException("not a loop of these wheels: " + loop);
        }
        return wheel;
    }
}
