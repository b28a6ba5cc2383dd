package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
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
    private final Http2Connection connection;
    private final FloodGuard floods;
    private final RecentResets resets;

    private @Nullable Http2FrameListener guarded;
    private @Nullable Http2FrameListener guard;

    GuardedFrameReader(Http2FrameReader reader, Http2Connection connection, FloodGuard floods, RecentResets resets) {
        this.reader = reader;
        this.connection = connection;
        this.floods = floods;
        this.resets = resets;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        Http2FrameListener current = guard;
        if (current == null || guarded != listener) {
            current = new Guard(listener);
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

    /**
     * Looks at a header section's stream. One on a stream that the client has ended is an error (RFC 9113, section 5.1), which the
     * codec mistakes for others. One after the last stream of our GOAWAY is dropped.
     */
    private boolean isTaken(int streamId) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream == null) {
            if (connection.streamMayHaveExisted(streamId) && !resets.contains(streamId)) {
                throw Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "a header section on a closed stream");
            }
        } else if (!stream.state().remoteSideOpen() && !stream.isResetSent()) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.STREAM_CLOSED, "a header section after the end of the request");
        }
        return !isAfterLastStream(streamId);
    }

    /**
     * True for a request that crossed with our GOAWAY: its client sends it again elsewhere (RFC 9113, section 6.8). The codec would
     * end the connection for most of its frames, and with it the streams that are to be completed.
     */
    private boolean isAfterLastStream(int streamId) {
        var remote = connection.remote();
        return connection.goAwaySent() && remote.isValidStreamId(streamId) && streamId > remote.lastStreamKnownByPeer();
    }

    /** Counts, then passes on. Threading: loop-confined. */
    private final class Guard extends Http2FrameListenerDecorator {

        Guard(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
                throws Http2Exception {
            if (isTaken(streamId)) {
                super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream)
                throws Http2Exception {
            if (isTaken(streamId)) {
                super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            int bytes = data.readableBytes();
            if (isAfterLastStream(streamId)) {
                connection.local().flowController().receiveFlowControlledFrame(null, data, padding, endOfStream);
                return bytes + padding;
            }
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
            if (!isAfterLastStream(streamId)) {
                super.onRstStreamRead(ctx, streamId, errorCode);
            }
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
            if (!isAfterLastStream(streamId)) {
                super.onWindowUpdateRead(ctx, streamId, increment);
            }
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
