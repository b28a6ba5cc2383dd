package io.penstock.proxy.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakTracker;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Netty's leak detector for tests, set by {@code -Dio.netty.customResourceLeakDetector}. It knows every counted buffer
 * that was allocated and not yet released, so a leak is certain, shown at once and with the place of its allocation;
 * no garbage collection is waited for. Buffers made in static initialisers live for ever and are left out.
 *
 * <p>Threading: any thread. The set is static because Netty makes one detector per JVM.
 *
 * @param <T> the kind of resource
 */
public final class LiveBuffers<T> extends ResourceLeakDetector<T> {

    private static final Set<Throwable> LIVE = ConcurrentHashMap.newKeySet();

    private final boolean counted;

    /** Called by Netty. */
    public LiveBuffers(Class<?> type) {
        this(type, 1);
    }

    /** Called by Netty. */
    public LiveBuffers(Class<?> type, int interval) {
        super(type, interval);
        this.counted = type == ByteBuf.class;
    }

    /** Called by older callers of Netty. */
    @SuppressWarnings("unused")
    public LiveBuffers(Class<?> type, int interval, long maxActive) {
        this(type, interval);
    }

    /** Where the buffers were allocated that live now. */
    public static List<Throwable> allocations() {
        return List.copyOf(LIVE);
    }

    /** Forgets them, so that one leak fails one test only. */
    public static void forget() {
        LIVE.clear();
    }

    @Override
    public @Nullable ResourceLeakTracker<T> track(T resource) {
        return trackForcibly(resource);
    }

    @Override
    public @Nullable ResourceLeakTracker<T> trackForcibly(T resource) {
        if (!counted) {
            return null;
        }
        Throwable allocation = new Throwable("a buffer that was allocated here and never released");
        for (StackTraceElement frame : allocation.getStackTrace()) {
            if (frame.getMethodName().equals("<clinit>")) {
                return null;
            }
        }
        LIVE.add(allocation);
        return new Tracker<>(allocation, new AtomicBoolean());
    }

    @Override
    public boolean isRecordEnabled() {
        return false;
    }

    private record Tracker<T>(Throwable allocation, AtomicBoolean closed) implements ResourceLeakTracker<T> {

        @Override
        public void record() {}

        @Override
        public void record(Object hint) {}

        @Override
        public boolean close(T resource) {
            LIVE.remove(allocation);
            return closed.compareAndSet(false, true);
        }
    }
}
