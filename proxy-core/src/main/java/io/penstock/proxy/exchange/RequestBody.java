package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;

/**
 * The bytes of one request body, kept until the exchange ends so that they can be sent again. They are never copied, except
 * that a great many small pieces are joined. Threading: loop-confined.
 */
@LoopConfined
final class RequestBody {

    private static final int PIECES_BEFORE_JOINING = 1024;

    private final ByteBufAllocator allocator;
    private final int limit;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int joined;

    RequestBody(ByteBufAllocator allocator, int limit) {
        this.allocator = allocator;
        this.limit = limit;
    }

    /** Takes a piece over; false, and the piece released, if the body would exceed its limit. */
    boolean add(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
            return true;
        }
        if (piece.readableBytes() > limit - length()) {
            piece.release();
            return false;
        }
        append(piece);
        return true;
    }

    private void append(ByteBuf piece) {
        if (!bytes.isReadable()) {
            bytes = piece;
        } else if (bytes instanceof CompositeByteBuf pieces) {
            join(pieces);
            pieces.addComponent(true, piece);
        } else {
            bytes = allocator
                    .compositeBuffer(Integer.MAX_VALUE)
                    .addComponent(true, bytes)
                    .addComponent(true, piece);
        }
    }

    /** Joins the pieces since the last join only, so that a body in tiny pieces is not copied whole again and again. */
    private void join(CompositeByteBuf pieces) {
        if (pieces.numComponents() - joined == PIECES_BEFORE_JOINING) {
            pieces.consolidate(joined, PIECES_BEFORE_JOINING);
            joined++;
        }
        if (joined == PIECES_BEFORE_JOINING) {
            pieces.consolidate(0, joined);
            joined = 1;
        }
    }

    int length() {
        return bytes.readableBytes();
    }

    /** The body as it came, lent. */
    ByteBuf whole() {
        return bytes;
    }

    /**
     * The body with replacements, for one attempt, which must release it.
     *
     * @throws RuntimeException if a replacement lies outside the body or before another
     */
    ByteBuf spliced(List<BodySplice> splices) {
        if (splices.isEmpty()) {
            return bytes.retainedDuplicate();
        }
        CompositeByteBuf result = allocator.compositeBuffer(2 * splices.size() + 1);
        try {
            return splice(splices, result);
        } catch (RuntimeException e) {
            result.release();
            throw e;
        }
    }

    private ByteBuf splice(List<BodySplice> splices, CompositeByteBuf result) {
        int start = bytes.readerIndex();
        int from = start;
        for (BodySplice splice : splices) {
            result.addComponent(true, bytes.retainedSlice(from, start + splice.start() - from));
            result.addComponent(true, Unpooled.wrappedBuffer(splice.replacement()));
            from = start + splice.end();
        }
        return result.addComponent(true, bytes.retainedSlice(from, bytes.writerIndex() - from));
    }

    void release() {
        ByteBuf held = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        held.release();
    }
}
