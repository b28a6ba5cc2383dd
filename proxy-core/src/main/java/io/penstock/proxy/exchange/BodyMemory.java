package io.penstock.proxy.exchange;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory request bodies take, on all loops together, and the limit of it. Bodies are counted as they grow, in steps,
 * until their exchange ends. Threading: counter; any event loop.
 */
public final class BodyMemory {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** Nothing is held yet, and never more than {@code limit} bytes will be. */
    public BodyMemory(long limit) {
        this.limit = limit;
    }

    /** Bytes of request bodies that are held now. */
    public long held() {
        return held.get();
    }

    /** True if so many bytes would fit in now. Nothing is set aside for them. */
    public boolean hasRoomFor(long bytes) {
        return bytes <= limit - held.get();
    }

    /** Counts so many bytes more, unless they exceed the limit. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= limit) {
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
