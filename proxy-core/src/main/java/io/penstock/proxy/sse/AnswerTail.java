package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.Arrays;

/**
 * The last pieces of an answer as it passes: what an answer tells of itself, it tells at its end. The pieces are kept by reference,
 * and each new one lets an older one go, so that nothing is copied before somebody asks; only what is shorter than any event with a
 * token is put together. Threading: loop-confined.
 */
@LoopConfined
public final class AnswerTail {

    /** How much of the end is looked at. */
    static final int BYTES = 8 << 10;

    /** A stream's last answer, its usage, the mark of its end, and one to spare. */
    private static final int PIECES = 4;

    private static final int SHORT = 128;
    private static final int TOGETHER = 2 << 10;

    private final Kept[] kept = new Kept[PIECES];
    private final ChunkedCoding.Receiver together = this::together;
    private int next;

    /** A tail of nothing. */
    public AnswerTail() {}

    /** A piece with the part of it that counts. */
    private static final class Kept {
        private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
        private int from;
        private int to;
        private boolean framed;
        private boolean own;

        boolean hasRoom(int length) {
            return own && bytes.writableBytes() >= length;
        }

        void begins() {
            is(Unpooled.buffer(TOGETHER, TOGETHER), false);
            bytes.release();
            own = true;
        }

        void takes(ByteBuf piece, int start, int end) {
            bytes.writeBytes(piece, start, end - start);
            to = bytes.writerIndex();
        }

        void is(ByteBuf piece, boolean chunks) {
            bytes.release();
            bytes = piece.retain();
            from = piece.readerIndex();
            to = piece.writerIndex();
            framed = chunks;
            own = false;
        }
    }

    /** A piece passes; it stays the caller's, who must not change its bytes. */
    public void add(ByteBuf piece) {
        if (piece.readableBytes() < SHORT) {
            together(piece, piece.readerIndex(), piece.writerIndex());
        } else {
            next().is(piece, false);
        }
    }

    private void together(ByteBuf piece, int from, int to) {
        Kept last = kept[(next + PIECES - 1) % PIECES];
        if (last == null || !last.hasRoom(to - from)) {
            last = next();
            last.begins();
        }
        last.takes(piece, from, to);
    }

    /** Whole chunks of the chunked coding pass, as {@link #add}. */
    public void addChunks(ByteBuf framed) {
        if (framed.readableBytes() < SHORT) {
            ChunkedCoding.forEachData(framed, together);
        } else {
            next().is(framed, true);
        }
    }

    private Kept next() {
        Kept place = kept[next];
        if (place == null) {
            place = new Kept();
            kept[next] = place;
        }
        next = (next + 1) % PIECES;
        return place;
    }

    /** A copy of the end. */
    public byte[] bytes() {
        byte[] tail = new byte[BYTES];
        int free = BYTES;
        for (int back = 1; back <= PIECES && free > 0; back++) {
            Kept piece = kept[(next + PIECES - back) % PIECES];
            if (piece != null) {
                free = piece.framed
                        ? prependChunks(piece, tail, free)
                        : prepend(piece.bytes, piece.from, piece.to, tail, free);
            }
        }
        return Arrays.copyOfRange(tail, free, BYTES);
    }

    private static int prepend(ByteBuf bytes, int from, int to, byte[] tail, int free) {
        int length = Math.min(free, to - from);
        bytes.getBytes(to - length, tail, free - length, length);
        return free - length;
    }

    private static int prependChunks(Kept piece, byte[] tail, int free) {
        ByteBuf whole = Unpooled.buffer(piece.to - piece.from);
        ChunkedCoding.forEachData(
                piece.bytes.slice(piece.from, piece.to - piece.from),
                (bytes, from, to) -> whole.writeBytes(bytes, from, to - from));
        return prepend(whole, 0, whole.writerIndex(), tail, free);
    }

    /** Lets all of it go. */
    public void release() {
        for (int i = 0; i < PIECES; i++) {
            Kept piece = kept[i];
            if (piece != null) {
                piece.bytes.release();
                kept[i] = null;
            }
        }
    }
}
