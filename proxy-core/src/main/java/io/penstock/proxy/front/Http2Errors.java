package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Stream;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a client's errors on one HTTP/2 connection: they are counted, those of one stream leave the others alone, and
 * too many of them end the connection. Threading: loop-confined.
 */
@LoopConfined
final class Http2Errors {

    private static final Logger log = LoggerFactory.getLogger(Http2Errors.class);

    private final Http2FrontHandler front;
    private final FloodGuard floods;
    private final ExchangeContext context;
    private final RecentResets resets;

    Http2Errors(Http2FrontHandler front, FloodGuard floods, RecentResets resets, ExchangeContext context) {
        this.front = front;
        this.floods = floods;
        this.resets = resets;
        this.context = context;
    }

    /** Looks at the error of a stream; true if nothing more is to be done for it, false if the stream is to be reset. */
    boolean isHandled(ChannelHandlerContext ctx, boolean outbound, StreamException error) {
        int id = error.streamId();
        Http2Stream stream = front.connection().stream(id);
        if (outbound || (stream == null && error.error() == Http2Error.STREAM_CLOSED && resets.contains(id))) {
            return !outbound;
        }
        boolean tooLarge = error instanceof HeaderListSizeException size && size.duringDecode();
        told(tooLarge ? ClientProtocolError.HEADERS_TOO_LARGE : kindOf(error), error);
        try {
            floods.streamError();
        } catch (FloodException flood) {
            front.onError(ctx, false, flood);
            return true;
        }
        resets.add(id);
        Http2Stream known = stream == null ? opened(id) : stream;
        if (tooLarge && known != null && !known.isHeadersSent()) {
            refuse(known);
            return true;
        }
        return false;
    }

    /** A stream whose first frame was in error was never opened, and the codec would end the connection for its next frame. */
    private @Nullable Http2Stream opened(int id) {
        var connection = front.connection();
        var remote = connection.remote();
        if (!remote.isValidStreamId(id) || connection.streamMayHaveExisted(id)) {
            return null;
        }
        remote.maxActiveStreams(connection.numActiveStreams() + 1);
        try {
            return remote.createStream(id, false);
        } catch (Http2Exception e) {
            return null;
        } finally {
            remote.maxActiveStreams(context.options().maxStreams());
        }
    }

    private void refuse(Http2Stream stream) {
        var failure = ProxyFailure.of(FailureKind.HEADERS_TOO_LARGE, "the header section is too large");
        ByteBuf text = FailureResponse.body(failure, "");
        front.writeHeaders(stream, Http2Messages.head(FailureResponse.head(failure, text.readableBytes())), false);
        front.writeData(stream, text, true).addListener(done -> front.reset(stream, Http2Error.NO_ERROR));
    }

    /** The connection ends for an error. */
    void connectionEnds(Http2Exception error, boolean outbound) {
        if (!outbound) {
            told(error instanceof FloodException flood ? flood.kind() : kindOf(error), error);
        }
    }

    private static ClientProtocolError kindOf(Http2Exception error) {
        return switch (error.error()) {
            case ENHANCE_YOUR_CALM -> ClientProtocolError.CONTINUATION_FLOOD;
            case REFUSED_STREAM -> ClientProtocolError.REFUSED_STREAM;
            case FLOW_CONTROL_ERROR -> ClientProtocolError.FLOW_CONTROL;
            case FRAME_SIZE_ERROR -> ClientProtocolError.FRAME_SIZE;
            case COMPRESSION_ERROR -> ClientProtocolError.COMPRESSION;
            default ->
                Http2Exception.isStreamError(error)
                        ? ClientProtocolError.MALFORMED_REQUEST
                        : ClientProtocolError.PROTOCOL;
        };
    }

    private void told(ClientProtocolError kind, Http2Exception error) {
        context.observer().clientProtocolError(kind);
        log.debug("client connection {}: {}: {}", front.channel().remoteAddress(), kind.label(), error.getMessage());
    }
}
