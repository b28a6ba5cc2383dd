package io.penstock.proxy.exchange;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * How much memory request bodies take, on all loops together, and the limit of it. Bodies are counted as they grow, in steps,
 * until their exchange ends. Threading: counter; any event loop.
 */
public final class BodyMemory {

    private final long limit;
    private final BooleanSupplier memoryIsShort;
    private final AtomicLong held = new AtomicLong();

    /** Nothing is held yet, and never more than {@code limit} bytes will be. */
    public BodyMemory(long limit) {
        this(limit, () -> false);
    }

    /** As {@link #BodyMemory(long)}, and nothing more is taken while {@code memoryIsShort}. */
    public BodyMemory(long limit, BooleanSupplier memoryIsShort) {
        this.limit = limit;
        this.memoryIsShort = memoryIsShort;
    }

    /** Bytes of request bodies that are held now. */
    public long held() {
        return held.get();
    }

    /** True if so many bytes would fit in now. Nothing is set aside for them. */
    public boolean hasRoomFor(long bytes) {
        return bytes <= limit - held.get() && !memoryIsShort.getAsBoolean();
    }

    /** Counts so many bytes more, unless they exceed the limit or there is no memory. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= limit && !memoryIsShort.getAsBoolean()) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Counts so many bytes less. */
    void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }
}
