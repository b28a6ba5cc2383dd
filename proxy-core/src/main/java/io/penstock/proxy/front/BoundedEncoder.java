package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Writes frames to a client. The client may ask for a large table of compressed header fields, which would be kept for it here:
 * it gets the default one, as an encoder may use less than it is offered (RFC 7541, section 4.2). Threading: loop-confined.
 */
@LoopConfined
final class BoundedEncoder extends DefaultHttp2ConnectionEncoder {

    private static final long HEADER_TABLE_BYTES = 4096;

    private final FloodGuard floods;

    BoundedEncoder(Http2Connection connection, Http2FrameWriter writer, FloodGuard floods) {
        super(connection, writer);
        this.floods = floods;
    }

    @Override
    public void remoteSettings(Http2Settings settings) throws Http2Exception {
        Long table = settings.headerTableSize();
        if (table != null && table > HEADER_TABLE_BYTES) {
            settings.headerTableSize(HEADER_TABLE_BYTES);
        }
        super.remoteSettings(settings);
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endOfStream,
            ChannelPromise promise) {
        floods.dataSent(data.readableBytes());
        return super.writeData(ctx, streamId, data, padding, endOfStream, promise);
    }
}
