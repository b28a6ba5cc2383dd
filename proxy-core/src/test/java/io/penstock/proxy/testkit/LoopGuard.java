package io.penstock.proxy.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import reactor.blockhound.BlockHound;

/**
 * Fails a test in which an event loop made a blocking call, if the JVM runs with {@code -Dpenstock.blockhound=true} and
 * {@code -XX:+AllowRedefinitionToAddDeleteMethods}. Registered for every test by the service file beside it. Threading: any
 * thread; what it found is static because BlockHound changes the whole JVM.
 */
public final class LoopGuard implements BeforeAllCallback, AfterEachCallback {

    private static final boolean ON = Boolean.getBoolean("penstock.blockhound");
    private static final Queue<Throwable> FOUND = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (ON) {
            Installed.once();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Throwable> found = take();
        if (!found.isEmpty()) {
            throw new AssertionError(found.size() + " blocking calls on event loops, one of them:", found.get(0));
        }
    }

    static boolean isOn() {
        return ON;
    }

    /** Hands over what was found so far. */
    static List<Throwable> take() {
        List<Throwable> found = new ArrayList<>();
        for (Throwable next; (next = FOUND.poll()) != null; ) {
            found.add(next);
        }
        return found;
    }

    /** Loaded only where BlockHound is wanted. */
    private static final class Installed {

        static {
            BlockHound.builder()
                    .loadIntegrations()
                    // the kernel's random numbers do not wait once it has started
                    .allowBlockingCallsInside("java.security.SecureRandom", "nextBytes")
                    // a bounded queue's lock is held for a few instructions; only the admin port's loop uses such a
                    // queue
                    .allowBlockingCallsInside("java.util.concurrent.ArrayBlockingQueue", "offer")
                    // log lines are few, and the log's own threads are the operator's choice
                    .allowBlockingCallsInside("ch.qos.logback.classic.Logger", "callAppenders")
                    // the loop of the API server that tests speak to, which is no part of the router
                    .allowBlockingCallsInside(
                            "io.fabric8.kubernetes.client.server.mock.WatchEventsListener", "onFailure")
                    .blockingMethodCallback(method -> note(
                            new IllegalStateException(Thread.currentThread().getName() + ": " + method)))
                    .install();
        }

        /** Netty's thread factory is used for other threads too, which may block. */
        private static void note(Throwable call) {
            for (StackTraceElement frame : call.getStackTrace()) {
                if (frame.getClassName().equals("io.netty.channel.SingleThreadIoEventLoop")) {
                    FOUND.add(call);
                    return;
                }
            }
        }

        static void once() {
            // the class is initialised
        }
    }
}
