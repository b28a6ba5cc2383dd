package io.penstock.proxy.runtime;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.PlatformDependent;

/**
 * Buffers for sockets, and when there is no memory left for those, buffers on the heap: so that a connection can still be read and
 * answered, where Netty would close it. Whoever keeps what was read asks {@link #isShort} first. Threading: any thread.
 */
public final class SpareBuffers extends AbstractByteBufAllocator {

    private final ByteBufAllocator allocator;
    private volatile boolean memoryIsShort;

    /** Takes buffers from {@code allocator}. */
    public SpareBuffers(ByteBufAllocator allocator) {
        super(PlatformDependent.directBufferPreferred());
        this.allocator = allocator;
    }

    /** True since there was no memory for a buffer, until there is some for another. */
    public boolean isShort() {
        return memoryIsShort;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return allocator.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        try {
            ByteBuf buffer = allocator.directBuffer(initialCapacity, maxCapacity);
            if (memoryIsShort) {
                memoryIsShort = false;
            }
            return buffer;
        } catch (OutOfMemoryError e) {
            memoryIsShort = true;
            return allocator.heapBuffer(initialCapacity, maxCapacity);
        }
    }

    @Override
    public boolean isDirectBufferPooled() {
        return allocator.isDirectBufferPooled();
    }
}
