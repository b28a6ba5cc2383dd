package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * Shows every frame of a client to the {@link FloodGuard} before anything else sees it, those on closed streams, too. Threading:
 * loop-confined.
 */
@LoopConfined
final class GuardedFrameReader implements Http2FrameReader {

    private static final int TINY_BYTES = 16;

    private final Http2FrameReader reader;
    private final FloodGuard floods;

    private @Nullable Http2FrameListener guarded;
    private @Nullable Http2FrameListener guard;

    GuardedFrameReader(Http2FrameReader reader, FloodGuard floods) {
        this.reader = reader;
        this.floods = floods;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        Http2FrameListener current = guard;
        if (current == null || guarded != listener) {
            current = new Guard(listener, floods);
            guarded = listener;
            guard = current;
        }
        reader.readFrame(ctx, input, current);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    /** Counts, then passes on. Threading: loop-confined. */
    private static final class Guard extends Http2FrameListenerDecorator {

        private final FloodGuard floods;

        Guard(Http2FrameListener listener, FloodGuard floods) {
            super(listener);
            this.floods = floods;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            int bytes = data.readableBytes();
            if (bytes < TINY_BYTES && !endOfStream) {
                if (bytes == 0) {
                    floods.emptyData();
                } else {
                    floods.tinyData();
                }
            }
            return super.onDataRead(ctx, streamId, data, padding, endOfStream);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
                throws Http2Exception {
            floods.priority();
            super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
            floods.reset();
            super.onRstStreamRead(ctx, streamId, errorCode);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            floods.settings(ctx.channel().isWritable());
            super.onSettingsRead(ctx, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            floods.ping(ctx.channel().isWritable());
            super.onPingRead(ctx, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            floods.ping(true);
            super.onPingAckRead(ctx, data);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) throws Http2Exception {
            floods.windowUpdate();
            super.onWindowUpdateRead(ctx, streamId, increment);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            floods.unknownFrame();
            super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
        }
    }
}
