package io.penstock.proxy.runtime;

import io.netty.util.concurrent.EventExecutor;

/** Assertions about event loops. Threading: any thread. */
public final class Loops {

    private Loops() {}

    /** Asserts, where assertions are on, that the caller runs on {@code loop}. */
    public static void assertIn(EventExecutor loop) {
        assert loop.inEventLoop() : "must run on " + loop + ", runs on " + Thread.currentThread();
    }
}
