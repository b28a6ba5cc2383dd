package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;

/**
 * Netty's decoder for requests, which stops while {@link PipelinedObjects} is full: one read can hold thousands of small
 * requests, and as bytes they take far less room than as objects. The rest is decoded when there is room again. Threading:
 * loop-confined.
 */
@LoopConfined
final class RequestDecoder extends HttpRequestDecoder {

    private final PipelinedObjects pipelined;
    private final HeadLines lines = new HeadLines();
    private boolean decoding;
    private boolean stopped;

    RequestDecoder(HttpDecoderConfig config, PipelinedObjects pipelined) {
        super(config);
        this.pipelined = pipelined;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        stopped = pipelined.isFull();
        if (!stopped) {
            int start = in.readerIndex();
            int objects = out.size();
            super.decode(ctx, in, out);
            lines.decoded(in, start, out, objects);
        }
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
