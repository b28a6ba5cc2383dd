package io.penstock.proxy.testkit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a buffer behind. Registered for every test by the service file beside it. Where tests share
 * a fixture for their whole class, buffers in use by it settle within the same limit. Threading: the test's thread.
 */
public final class LeakGuard implements AfterEachCallback, AfterAllCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        check();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        check();
    }

    /** Waits, as long as anything in a test is waited for, until every buffer is released. */
    public static void check() {
        check(Gate.LIMIT);
    }

    /** Waits, at most so long, until every buffer is released; fails with the place of one allocation otherwise. */
    public static void check(Duration limit) {
        long start = System.nanoTime();
        while (!LiveBuffers.allocations().isEmpty() && System.nanoTime() - start < limit.toNanos()) {
            LockSupport.parkNanos(2_000_000);
        }
        List<Throwable> leaked = LiveBuffers.allocations();
        if (!leaked.isEmpty()) {
            LiveBuffers.forget();
            throw new AssertionError(leaked.size() + " buffers were not released, one of them:", leaked.get(0));
        }
    }
}
