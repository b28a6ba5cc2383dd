package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on an {@link Http2Connection}; the only handler of its stream's child channel. While the
 * sender pauses it, its frames stay unread and the engine runs into the stream's window. Threading: loop-confined.
 */
@LoopConfined
final class Http2Stream extends ChannelInboundHandlerAdapter implements UpstreamStream {

    private final Http2Connection connection;
    private final ResponseSink sink;
    private final boolean onReusedConnection;
    private final long readsBefore;

    private @Nullable Http2StreamChannel channel;
    private boolean over;
    private boolean counted = true;
    private boolean answerBegan;
    private boolean headReceived;
    private boolean requestFullyWritten;

    Http2Stream(Http2Connection connection, ResponseSink sink, boolean onReusedConnection, long readsBefore) {
        this.connection = connection;
        this.sink = sink;
        this.onReusedConnection = onReusedConnection;
        this.readsBefore = readsBefore;
    }

    void open(UpstreamRequest request) {
        new Http2StreamChannelBootstrap(connection.channel())
                .handler(this)
                .open()
                .addListener((Future<Http2StreamChannel> opened) -> {
                    if (opened.isSuccess()) {
                        opened(opened.getNow(), request);
                    } else {
                        request.body().release();
                        uncount();
                        fail(FailureKind.ENGINE_RESET, ReplaySafety.NOT_SENT, opened.cause());
                    }
                });
    }

    private void opened(Http2StreamChannel opened, UpstreamRequest request) {
        channel = opened;
        opened.closeFuture().addListener(closed -> uncount());
        if (over) {
            request.body().release();
            opened.close();
        } else {
            Http2Messages.write(opened, request, connection.scheme()).addListener(written -> {
                requestFullyWritten = written.isSuccess();
                if (written.cause() instanceof Http2Exception tooLong && !answerBegan) {
                    // our own encoder refused: the engine has seen nothing
                    fail(FailureKind.HEADERS_TOO_LARGE, ReplaySafety.NOT_SENT, tooLong);
                } else if (!written.isSuccess()) {
                    fail(FailureKind.ENGINE_RESET, safety(), written.cause());
                }
            });
        }
    }

    private void uncount() {
        if (counted) {
            counted = false;
            connection.streamClosed();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        answerBegan = true;
        if (over) {
            ReferenceCountUtil.release(frame);
        } else if (frame instanceof Http2HeadersFrame headers) {
            onHeaders(headers);
        } else if (frame instanceof Http2DataFrame data) {
            onData(data);
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    private void onHeaders(Http2HeadersFrame frame) {
        if (headReceived) {
            if (frame.isEndStream()) {
                end(Http2Messages.trailers(frame.headers()));
            }
            return;
        }
        HttpResponse head;
        try {
            head = Http2Messages.response(frame);
        } catch (Http2Exception e) {
            fail(FailureKind.BAD_RESPONSE, ReplaySafety.ANSWER_STARTED, e);
            close();
            return;
        }
        if (head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            headReceived = true;
            sink.onHead(head);
            if (frame.isEndStream()) {
                end(EmptyHttpHeaders.INSTANCE);
            }
        }
    }

    private void onData(Http2DataFrame frame) {
        ByteBuf content = frame.content();
        if (!headReceived) {
            frame.release();
            fail(FailureKind.BAD_RESPONSE, ReplaySafety.ANSWER_STARTED, null);
            close();
            return;
        }
        if (content.isReadable()) {
            sink.onContent(content);
        } else {
            frame.release();
        }
        if (frame.isEndStream()) {
            end(EmptyHttpHeaders.INSTANCE);
        }
    }

    private void end(HttpHeaders trailers) {
        if (!over) {
            over = true;
            if (!requestFullyWritten) {
                stopSending();
            }
            sink.onEnd(trailers);
        }
    }

    /** Closing alone is not enough: Netty resets no stream whose end was read, and would go on sending the request. */
    private void stopSending() {
        if (channel != null) {
            channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL), channel.voidPromise());
            channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!over) {
            sink.onReadComplete();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            fail(FailureKind.ENGINE_RESET, safetyAfter(reset), null);
            // frames that a paused sender left unread would keep the stream, and its place, for ever
            close();
        } else if (event instanceof Http2GoAwayFrame) {
            // sent to the children above the engine's last stream id: it never saw them (RFC 9113, section 6.8), and
            // Netty ends
            // them next, without a reset, which an engine may take for an error of the whole connection
            connection.retire(); // or it would be sent again on this one
            fail(FailureKind.ENGINE_RESET, answerBegan ? ReplaySafety.ANSWER_STARTED : ReplaySafety.NOT_SENT, null);
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(FailureKind.ENGINE_RESET, safety(), null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(FailureKind.ENGINE_RESET, safety(), cause);
        ctx.close();
    }

    /** A reset shows that the engine had the request, whatever the connection's age, unless it says that it refused it. */
    private ReplaySafety safetyAfter(Http2ResetFrame reset) {
        if (answerBegan) {
            return ReplaySafety.ANSWER_STARTED;
        }
        boolean refused = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
        return refused ? ReplaySafety.NOT_SENT : ReplaySafety.SENT_NOTHING_BACK;
    }

    /**
     * What a closed connection leaves behind. On one that served requests before, the close and this request met on the way,
     * whether or not other streams were running: only a frame of this stream shows that the engine took the request up.
     */
    private ReplaySafety safety() {
        if (answerBegan) {
            return ReplaySafety.ANSWER_STARTED;
        }
        return onReusedConnection ? ReplaySafety.STALE_CONNECTION : ReplaySafety.SENT_NOTHING_BACK;
    }

    private void fail(FailureKind kind, ReplaySafety safety, @Nullable Throwable cause) {
        if (!over) {
            over = true;
            sink.onFailure(ProxyFailure.of(kind, text(kind), safety, cause));
        }
    }

    private static String text(FailureKind kind) {
        return switch (kind) {
            case BAD_RESPONSE -> "the engine sent an answer that is not valid HTTP";
            case HEADERS_TOO_LARGE -> "the request's header fields are larger than the engine takes";
            default -> "the engine reset the stream before its answer was complete";
        };
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            connection.streamCancelled(readsBefore);
            close();
        }
    }

    private void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void pauseReads() {
        if (channel != null) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void resumeReads() {
        if (channel != null) {
            channel.config().setAutoRead(true);
        }
    }
}
