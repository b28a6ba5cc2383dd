package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one request body, kept until the exchange ends so that they can be sent again. They are never copied, except
 * that a great many small pieces are joined. They are counted in {@link BodyMemory}. Threading: loop-confined.
 */
@LoopConfined
final class RequestBody {

    private static final int PIECES_BEFORE_JOINING = 1024;
    private static final int COUNTING_STEP = 16 << 10;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final ByteBufAllocator allocator;
    private final int limit;
    private final BodyMemory memory;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int joined;
    private int counted;

    RequestBody(ByteBufAllocator allocator, int limit, BodyMemory memory) {
        this.allocator = allocator;
        this.limit = limit;
        this.memory = memory;
    }

    /** As {@link #add}, for a request whose method may have no use for a body. */
    @Nullable
    ProxyFailure addTo(HttpMethod method, ByteBuf piece) {
        if (piece.isReadable() && isMisplacedIn(method)) {
            piece.release();
            return misplaced(method);
        }
        return add(piece);
    }

    /** Takes a piece over; tells why if the body has become too large, by itself or together with all others. */
    @Nullable
    ProxyFailure add(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
            return null;
        }
        if (piece.readableBytes() > limit - length()) {
            piece.release();
            return tooLarge(limit);
        }
        append(piece);
        return length() - counted < COUNTING_STEP ? null : count();
    }

    /** No more pieces follow; tells why if there is no room for the last ones. */
    @Nullable
    ProxyFailure complete() {
        return length() == counted ? null : count();
    }

    private @Nullable ProxyFailure count() {
        int more = length() - counted;
        if (!memory.take(more)) {
            return noRoom();
        }
        counted += more;
        return null;
    }

    /** True for methods whose bodies mean nothing, so that some servers take them for the next request (RFC 9110, section 9.3.1). */
    static boolean isMisplacedIn(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.TRACE);
    }

    static ProxyFailure misplaced(HttpMethod method) {
        return ProxyFailure.of(FailureKind.BAD_FRAMING, "a " + method + " request has no body here");
    }

    static ProxyFailure tooLarge(int limit) {
        return ProxyFailure.of(
                FailureKind.BODY_TOO_LARGE, "the request body is larger than the limit of " + limit + " bytes");
    }

    static ProxyFailure noRoom() {
        return ProxyFailure.of(FailureKind.BUFFERS_FULL, "the router holds as many request bodies as its memory allows")
                .retryAfter(RETRY_AFTER_SECONDS);
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
        memory.giveBack(counted);
        counted = 0;
    }
}
