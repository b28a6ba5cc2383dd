package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;

/**
 * Netty's decoder for requests, which stops while {@link PipelinedObjects} is full: one read can hold thousands of small
 * requests, and as bytes they take far less room than as objects. The rest is decoded when there is room again. It knows whether
 * a head is incomplete, and gives up on a chunked body that is nearly all framing. Threading: loop-confined.
 */
@LoopConfined
final class RequestDecoder extends HttpRequestDecoder {

    /** Bytes that are no data in one chunked body, before there is any: extensions, sizes, trailers. */
    private static final int FRAMING_ALLOWED = 64 << 10;

    /** What each byte of data allows more: one byte in a chunk of its own is framed by five. */
    private static final int FRAMING_OF_A_BYTE = 8;

    private final PipelinedObjects pipelined;
    private final HeadLines lines = new HeadLines();
    private boolean decoding;
    private boolean stopped;
    private boolean betweenRequests = true;
    private boolean withinHead;
    private long heads;
    private long framingAllowed = FRAMING_ALLOWED;

    RequestDecoder(HttpDecoderConfig config, PipelinedObjects pipelined) {
        super(config);
        this.pipelined = pipelined;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        stopped = pipelined.isFull();
        if (!stopped) {
            withinHead |= betweenRequests && beginsHead(in);
            int objects = out.size();
            int start = in.readerIndex();
            boolean body = !betweenRequests;
            super.decode(ctx, in, out);
            lines.decoded(in, start, out, objects);
            int bytes = in.readerIndex() - start;
            for (int i = objects; i < out.size(); i++) {
                bytes -= decoded(out.get(i));
            }
            if (body) {
                allowFraming(bytes);
            }
        }
    }

    /** Blank lines before a request are nothing (RFC 9112, section 2.2). */
    private static boolean beginsHead(ByteBuf in) {
        for (int i = in.readerIndex(); i < in.writerIndex(); i++) {
            byte b = in.getByte(i);
            if (b != '\r' && b != '\n') {
                return true;
            }
        }
        return false;
    }

    /** Keeps count of where this is; returns the bytes of data. */
    private int decoded(Object object) {
        int data = 0;
        if (object instanceof HttpRequest) {
            heads++;
            withinHead = false;
            betweenRequests = false;
            framingAllowed = FRAMING_ALLOWED;
        }
        if (object instanceof HttpContent content) {
            data = content.content().readableBytes();
            framingAllowed += (long) FRAMING_OF_A_BYTE * data;
        }
        if (object instanceof LastHttpContent) {
            betweenRequests = true;
        }
        return data;
    }

    private void allowFraming(int bytes) {
        framingAllowed -= bytes;
        if (framingAllowed < 0) {
            throw new TooLongHttpContentException("the body is little else than framing");
        }
    }

    /** True while a part of a request head is there, and not all of it. */
    boolean isWithinHead() {
        return withinHead;
    }

    /** How many request heads were complete. */
    long heads() {
        return heads;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
        decoding = true;
        try {
            super.channelRead(ctx, bytes);
        } finally {
            decoding = false;
        }
    }

    /** Decodes what was left when this stopped. While it is decoding it goes on by itself. */
    void resume(ChannelHandlerContext ctx) throws Exception {
        while (stopped && !decoding && !pipelined.isFull()) {
            stopped = false;
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        }
    }
}
