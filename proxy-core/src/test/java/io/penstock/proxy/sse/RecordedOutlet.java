package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Remembers what was written and how much of it was flushed when. Threading: one test's. */
final class RecordedOutlet implements EventOutlet {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<String> flushed = new ArrayList<>();
    private int flushedBytes;
    private boolean writable = true;

    @Override
    public ByteBuf buffer(int bytes) {
        return PooledByteBufAllocator.DEFAULT.buffer(bytes);
    }

    @Override
    public void write(ByteBuf events) {
        take(events);
    }

    @Override
    public void pass(ByteBuf part) {
        take(part);
    }

    private void take(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        written.writeBytes(copy);
    }

    @Override
    public boolean flush() {
        flushed.add(unflushed());
        flushedBytes = written.size();
        return writable;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    void writable(boolean reads) {
        writable = reads;
    }

    /** What each flush brought, and forgets it. */
    List<String> takeFlushes() {
        List<String> taken = List.copyOf(flushed);
        flushed.clear();
        return taken;
    }

    /** Written and not flushed. */
    String unflushed() {
        byte[] all = written.toByteArray();
        return new String(all, flushedBytes, all.length - flushedBytes, StandardCharsets.UTF_8);
    }

    int flushedBytes() {
        return flushedBytes;
    }

    byte[] all() {
        return written.toByteArray();
    }
}
