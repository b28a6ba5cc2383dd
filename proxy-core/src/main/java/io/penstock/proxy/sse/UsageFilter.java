package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the event out of a stream that tells the usage of all of it, and leaves every other byte as it is. Pieces in which the word
 * does not occur pass whole; an event that is not all there waits for its end, and one that is too long to be such an event does
 * not. Threading: loop-confined.
 */
@LoopConfined
public final class UsageFilter {

    /** No usage is longer. */
    static final int LONGEST = 16 << 10;

    /** The two halves of {@code "usage"}, which share a letter. */
    private static final int NAME_BEGINS = 0x22757361;

    private static final int NAME_ENDS = 0x61676522;
    private static final int NAME_LENGTH = 7;

    private final ByteBufAllocator allocator;
    private final Consumer<ByteBuf> receiver;
    private final EventScanner scanner = new EventScanner();

    private @Nullable ByteBuf begun;
    private final ChunkedCoding.Receiver look = this::look;
    private boolean passing;
    private boolean allPass;
    private boolean hid;

    /** Gives {@code receiver} what stays, to take over. */
    public UsageFilter(ByteBufAllocator allocator, Consumer<ByteBuf> receiver) {
        this.allocator = allocator;
        this.receiver = receiver;
    }

    /** True if these whole chunks, framing included, hold whole events each and no usage, so that they need not go through here. */
    public boolean passes(ByteBuf framed) {
        allPass = true;
        ChunkedCoding.forEachData(framed, look);
        hid &= !allPass;
        return allPass;
    }

    private void look(ByteBuf bytes, int from, int to) {
        allPass &= passes(bytes, from, to);
    }

    private boolean passes(ByteBuf bytes, int from, int to) {
        return begun == null
                && !scanner.isWithinEvent()
                && !scanner.isRestOfLineEnd(bytes, from, to)
                && EventEnd.isAt(bytes, from, to)
                && !namesUsage(bytes, from, to);
    }

    private static boolean namesUsage(ByteBuf bytes, int from, int to) {
        int end = to - NAME_LENGTH + 2;
        int at = from;
        while (at < end && (at = bytes.indexOf(at + 1, end, (byte) 'u')) > 0) {
            if (bytes.getInt(at - 1) == NAME_BEGINS && bytes.getInt(at + 2) == NAME_ENDS) {
                return true;
            }
        }
        return false;
    }

    /** A piece of the stream, taken over. */
    public void content(ByteBuf piece) {
        if (passes(piece, piece.readerIndex(), piece.writerIndex())) {
            hid = false;
            receiver.accept(piece);
            return;
        }
        try {
            split(piece, piece.readerIndex(), piece.writerIndex());
        } finally {
            piece.release();
        }
    }

    private void split(ByteBuf piece, int from, int to) {
        int at = scanner.isRestOfLineEnd(piece, from, to) ? lineEnd(piece, from) : from;
        for (int end; (end = scanner.next(piece, at, to)) > 0; at = end) {
            event(piece, at, end);
        }
        if (at < to) {
            part(piece, at, to);
        }
    }

    /** The LF of a CR LF belongs to the event before it, and goes where that went. */
    private int lineEnd(ByteBuf piece, int at) {
        int none = scanner.next(piece, at, at + 1);
        assert none < 0;
        if (!hid) {
            receiver.accept(piece.retainedSlice(at, 1));
        }
        return at + 1;
    }

    private void event(ByteBuf piece, int from, int to) {
        ByteBuf whole = begun;
        begun = null;
        hid = false;
        if (passing) {
            passing = false;
            receiver.accept(piece.retainedSlice(from, to - from));
        } else if (whole == null) {
            unlessUsage(piece.retainedSlice(from, to - from));
        } else {
            unlessUsage(whole.writeBytes(piece, from, to - from));
        }
    }

    private void unlessUsage(ByteBuf event) {
        if (isUsage(event)) {
            hid = true;
            event.release();
        } else {
            receiver.accept(event);
        }
    }

    private static boolean isUsage(ByteBuf event) {
        return event.readableBytes() <= LONGEST
                && namesUsage(event, event.readerIndex(), event.writerIndex())
                && UsageEvent.is(ByteBufUtil.getBytes(event));
    }

    private void part(ByteBuf piece, int from, int to) {
        if (passing) {
            receiver.accept(piece.retainedSlice(from, to - from));
            return;
        }
        ByteBuf part = begun == null ? allocator.buffer(to - from) : begun;
        part.writeBytes(piece, from, to - from);
        begun = part;
        if (part.readableBytes() > LONGEST) {
            passing = true;
            end();
        }
    }

    /** The stream is over, complete or not: gives out the part of an event that is here. */
    public void end() {
        ByteBuf part = begun;
        begun = null;
        if (part != null) {
            receiver.accept(part);
        }
    }

    /** Nobody waits for the stream any more. */
    public void release() {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
