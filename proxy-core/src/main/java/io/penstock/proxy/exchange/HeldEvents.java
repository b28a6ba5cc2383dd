package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.TickWheel;
import io.penstock.proxy.sse.EventHold;
import io.penstock.proxy.sse.EventJoiner;
import io.penstock.proxy.sse.EventOutlet;

/**
 * The events of one client's stream while they are held, and their way to the client: where the client is sent chunks, all that is
 * written at once is one chunk. Threading: loop-confined.
 */
@LoopConfined
final class HeldEvents implements EventOutlet {

    private final ClientStream client;
    private final ExchangeTally tally;
    private final EventHold hold;
    private final ChunkedCoding.Receiver chunkData = this::add;

    private long nowNanos;

    HeldEvents(ClientStream client, ExchangeTally tally, StreamInterval interval, EventJoiner joiner, TickWheel wheel) {
        this.client = client;
        this.tally = tally;
        this.hold = new EventHold(interval, joiner, this, wheel);
        tally.holding(hold.tally());
    }

    /** Takes a piece of the stream over, which came at {@code arrivedNanos}. */
    void content(ByteBuf piece, long arrivedNanos) {
        nowNanos = arrivedNanos;
        try {
            add(piece, piece.readerIndex(), piece.writerIndex());
        } finally {
            piece.release();
        }
    }

    /** As {@link #content}, for whole chunks with their framing. */
    void chunks(ByteBuf framed, long arrivedNanos) {
        nowNanos = arrivedNanos;
        try {
            ChunkedCoding.forEachData(framed, chunkData);
        } finally {
            framed.release();
        }
    }

    private void add(ByteBuf bytes, int from, int to) {
        hold.add(bytes, from, to, nowNanos);
    }

    /** All that one read of the engine brought has come. */
    void readComplete() {
        hold.readComplete();
    }

    /** Writes what is held, without a flush; true if the stream stands between two events. */
    boolean end(FlushReason why) {
        return hold.end(why);
    }

    /** Nobody waits for the events any more. */
    void release() {
        hold.release();
    }

    @Override
    public ByteBuf buffer(int bytes) {
        ByteBuf buffer = client.allocator().buffer(bytes + ChunkedCoding.FRAME_BYTES);
        return buffer.setIndex(ChunkedCoding.HEAD_BYTES, ChunkedCoding.HEAD_BYTES);
    }

    @Override
    public void write(ByteBuf events) {
        tally.relayed(events.readableBytes());
        if (client.takesChunks()) {
            ChunkedCoding.frame(events);
            client.writeChunks(events);
        } else {
            client.writeContent(events);
        }
    }

    @Override
    public void pass(ByteBuf part) {
        tally.relayed(part.readableBytes());
        client.writeContent(part);
    }

    /** Asks the client in the end whether it reads: over HTTP/2 that is what makes a client noticed that does not. */
    @Override
    public boolean flush() {
        client.flush();
        return client.isWritable();
    }

    @Override
    public boolean isWritable() {
        return client.isWritable();
    }
}
