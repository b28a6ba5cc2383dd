package io.penstock.router.policy;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts through places without end; overflow is no event. Threading: counter. */
final class Rotation {

    private final AtomicInteger next;

    Rotation(int first) {
        this.next = new AtomicInteger(first);
    }

    /** The next place below {@code size}. */
    int nextOf(int size) {
        return Integer.remainderUnsigned(next.getAndIncrement(), size);
    }
}
