package io.penstock.proxy.front;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.penstock.proxy.api.ProxyOptions;

/**
 * Puts HTTP/2 on a client's channel: one handler, with no channel of its own for a stream. Netty's parts are assembled here
 * rather than by its builder, so that every bound holds from the first frame on and not from the client's acknowledgement of our
 * SETTINGS, which a hostile client never sends. Threading: the channel's event loop.
 */
public final class Http2Front {

    /** Bytes of a request body that may be on their way on one stream; they are returned when they arrive. */
    static final int STREAM_WINDOW = 256 << 10;

    /** The same for the connection. */
    static final int CONNECTION_WINDOW = 1 << 20;

    private static final int MAX_SMALL_CONTINUATIONS = 16;

    private Http2Front() {}

    /**
     * Adds HTTP/2 at the end of an active channel's pipeline, before any byte of the client's preface was read.
     */
    public static void install(ChannelPipeline pipeline, FrontContext context) {
        ProxyOptions.Front options = context.options();
        var floods = new FloodGuard(context.ticker(), options.maxStreams());
        var resets = new RecentResets();
        Http2Connection connection = connection(options.maxStreams());
        var encoder = new BoundedEncoder(connection, new DefaultHttp2FrameWriter(), floods);
        var headers = new DefaultHttp2HeadersDecoder(true, (long) options.maxHeaderBytes());
        var reader = new DefaultHttp2FrameReader(headers, MAX_SMALL_CONTINUATIONS);
        var decoder = new DefaultHttp2ConnectionDecoder(
                connection,
                encoder,
                new GuardedFrameReader(reader, connection, floods, resets),
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                true,
                true,
                true);
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(options.maxStreams())
                .initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(options.maxHeaderBytes());
        var exchanges = context.onLoop(pipeline.channel().eventLoop());
        var handler = new Http2FrontHandler(decoder, encoder, settings, floods, resets, exchanges);
        var requests = new Http2Requests(handler, exchanges, Arrivals.originOf(pipeline.channel()));
        decoder.frameListener(requests);
        handler.serves(requests);
        pipeline.addLast(handler);
    }

    /** Streams share the connection evenly: clients' priorities are deprecated (RFC 9113, section 5.3) and cost memory. */
    private static Http2Connection connection(int maxStreams) {
        var connection = new DefaultHttp2Connection(true, 0);
        connection.remote().maxActiveStreams(maxStreams);
        var evenly = new UniformStreamByteDistributor(connection);
        connection.remote().flowController(new DefaultHttp2RemoteFlowController(connection, evenly));
        return connection;
    }
}
