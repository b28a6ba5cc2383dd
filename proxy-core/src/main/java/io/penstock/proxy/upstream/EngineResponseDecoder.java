package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;

/**
 * Netty's decoder for responses, with a short cut for what nearly every read of a token stream is: whole plain chunks. They
 * come out as {@link WholeChunks}, in one piece and with their framing, ready to be passed on. A chunk that is not all there,
 * the last one, extensions, trailers and everything malformed take the long way through Netty's decoder. A size line that is
 * not all there is waited for: it may be a plain one.
 *
 * <p>While Netty's decoder works on a chunk, {@code owed} counts the bytes it has yet to consume to the next chunk's first
 * byte; only there the short cut may be taken again.
 *
 * <p>Threading: loop-confined.
 */
@LoopConfined
final class EngineResponseDecoder extends HttpResponseDecoder {

    private boolean answersHead;
    private boolean betweenPlainChunks;
    private long owed;

    EngineResponseDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** Tells whether the next response answers a HEAD request, and so has no body whatever its head says. */
    void expectAnswerToHead(boolean head) {
        answersHead = head;
    }

    /** True if everything that arrived became a part of a message; a line without its end is not seen otherwise. */
    boolean isEmpty() {
        return actualReadableBytes() == 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        return answersHead || super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (betweenPlainChunks && owed == 0) {
            decodeChunks(ctx, in, out);
        } else {
            decodeTheLongWay(ctx, in, out);
        }
    }

    private void decodeChunks(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int start = in.readerIndex();
        int end = start;
        int dataBytes = 0;
        for (int next; (next = ChunkedCoding.endOfChunkAt(in, end)) > 0; end = next) {
            dataBytes += next - end - 2 - ChunkedCoding.lineLengthAt(in, end);
        }
        if (end > start) {
            out.add(new WholeChunks(in.readRetainedSlice(end - start), dataBytes));
        } else if (!ChunkedCoding.endsWithinSizeLine(in, start)) {
            int size = ChunkedCoding.sizeAt(in, start);
            betweenPlainChunks = size > 0;
            owed = size > 0 ? ChunkedCoding.lineLengthAt(in, start) + size + 2L : 0;
            decodeTheLongWay(ctx, in, out);
        }
    }

    private void decodeTheLongWay(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int decodedBefore = out.size();
        int start = in.readerIndex();
        super.decode(ctx, in, out);
        if (betweenPlainChunks) {
            owed -= in.readerIndex() - start;
        } else if (out.size() > decodedBefore && out.get(out.size() - 1) instanceof HttpResponse response) {
            // a head that came without its end: a body follows
            betweenPlainChunks = response.decoderResult().isSuccess() && HttpUtil.isTransferEncodingChunked(response);
            owed = 0;
        }
    }
}
