package io.penstock.router.simulate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Builds the handlers of an accepted connection once its first bytes tell the protocol: HTTP/2 by its preface, HTTP/1.1
 * by anything else. Threading: immutable; called on the engine's loop.
 */
final class EnginePipeline extends ChannelInitializer<Channel> {

    /** A larger request body is answered with 413; vLLM itself has no limit. */
    private static final int MAX_BODY_BYTES = 256 << 20;

    private static final int MAX_HEADER_BYTES = 256 << 10;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STREAM_WINDOW = 1 << 20;
    private static final int CONNECTION_WINDOW_GROWTH = 16 << 20;
    private static final int MAX_STREAMS = 1024;

    private final Set<EngineProtocol> protocols;
    private final Duration keepAlive;
    private final Supplier<HttpFront> fronts;

    EnginePipeline(Set<EngineProtocol> protocols, Duration keepAlive, Supplier<HttpFront> fronts) {
        this.protocols = protocols;
        this.keepAlive = keepAlive;
        this.fronts = fronts;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (protocols.size() > 1) {
            channel.pipeline().addLast(new PrefaceDetector());
        } else if (protocols.contains(EngineProtocol.H2C)) {
            http2(channel.pipeline());
        } else {
            http1(channel.pipeline());
        }
    }

    private void http1(ChannelPipeline pipeline) {
        HttpDecoderConfig limits = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_HEADER_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxChunkSize(CHUNK_BYTES);
        pipeline.addLast(
                new HttpServerCodec(limits),
                new HttpObjectAggregator(MAX_BODY_BYTES),
                new IdleStateHandler(0, 0, keepAlive.toNanos(), TimeUnit.NANOSECONDS),
                fronts.get());
    }

    private void http2(ChannelPipeline pipeline) {
        Http2Settings settings = Http2Settings.defaultSettings()
                .initialWindowSize(STREAM_WINDOW)
                .maxConcurrentStreams(MAX_STREAMS)
                .maxHeaderListSize(MAX_HEADER_BYTES);
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .decoupleCloseAndGoAway(true)
                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                .build();
        pipeline.addLast(codec, new Http2MultiplexHandler(new StreamInitializer()));
        pipeline.write(new DefaultHttp2WindowUpdateFrame(CONNECTION_WINDOW_GROWTH));
    }

    /** The handlers of one HTTP/2 stream. Threading: as the pipeline. */
    private final class StreamInitializer extends ChannelInitializer<Channel> {
        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline()
                    .addLast(
                            new Http2StreamFrameToHttpObjectCodec(true),
                            new HttpObjectAggregator(MAX_BODY_BYTES),
                            fronts.get());
        }
    }

    /** Waits for enough bytes to know the protocol. Threading: loop-confined. */
    private final class PrefaceDetector extends ByteToMessageDecoder {

        private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int known = Math.min(in.readableBytes(), preface.readableBytes());
            boolean matches = ByteBufUtil.equals(in, in.readerIndex(), preface, preface.readerIndex(), known);
            if (matches && known < preface.readableBytes()) {
                return;
            }
            if (matches) {
                http2(ctx.pipeline());
            } else {
                http1(ctx.pipeline());
            }
            ctx.pipeline().remove(this);
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext ctx) {
            preface.release();
        }
    }
}
