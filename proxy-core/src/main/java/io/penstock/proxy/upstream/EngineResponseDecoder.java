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
 * come out as {@link WholeChunks}, in one piece and with their framing, ready to be passed on; a read that is nothing else
 * goes past Netty's decoder as it is. A chunk that is not all there, the last one, extensions, trailers and everything
 * malformed take the long way through Netty's decoder. A size line that is not all there is waited for: it may be a plain one.
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
    private int dataBytes;
    private boolean wentPast;
    private long reads;

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

    /**
     * How many reads brought something so far. Netty's decoder says nothing of a status line that was cut short, but half a
     * status line is an answer that began: its request must not be sent again.
     */
    long reads() {
        return reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) throws Exception {
        reads++;
        if (betweenPlainChunks && owed == 0 && isEmpty() && read instanceof ByteBuf bytes && isAllChunks(bytes)) {
            wentPast = true;
            ctx.fireChannelRead(new WholeChunks(bytes, dataBytes));
        } else {
            wentPast = false;
            super.channelRead(ctx, read);
        }
    }

    private boolean isAllChunks(ByteBuf bytes) {
        return endOfChunks(bytes) == bytes.writerIndex() && bytes.isReadable();
    }

    /** Netty's decoder asks for more when it saw nothing, which is not for it to say of what went past it. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (wentPast) {
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
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
        int end = endOfChunks(in);
        if (end > start) {
            out.add(new WholeChunks(in.readRetainedSlice(end - start), dataBytes));
        } else if (!ChunkedCoding.endsWithinSizeLine(in, start)) {
            int size = ChunkedCoding.sizeAt(in, start);
            betweenPlainChunks = size > 0;
            owed = size > 0 ? ChunkedCoding.lineLengthAt(in, start) + size + 2L : 0;
            decodeTheLongWay(ctx, in, out);
        }
    }

    /** Where the whole plain chunks end that {@code bytes} begin with; {@code dataBytes} is then how much of them is data. */
    private int endOfChunks(ByteBuf bytes) {
        int end = bytes.readerIndex();
        dataBytes = 0;
        for (int next; (next = ChunkedCoding.endOfChunkAt(bytes, end)) > 0; end = next) {
            dataBytes += next - end - 2 - ChunkedCoding.lineLengthAt(bytes, end);
        }
        return end;
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
