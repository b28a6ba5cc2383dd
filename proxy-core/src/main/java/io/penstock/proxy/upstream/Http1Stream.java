package io.penstock.proxy.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on an {@link Http1Connection}: knows whether the request was fully written and the response
 * fully read, on which reuse and replay depend. Threading: loop-confined.
 */
@LoopConfined
final class Http1Stream implements UpstreamStream {

    private static final int MAX_INTERIM = 32;

    private final Http1Connection connection;
    private final ResponseSink sink;
    private final boolean onReusedConnection;

    private int interim;
    private boolean over;
    private boolean requestFullyWritten;
    private boolean headReceived;
    private boolean skippingInterim;
    private boolean engineKeepsAlive;

    Http1Stream(Http1Connection connection, ResponseSink sink) {
        this.connection = connection;
        this.sink = sink;
        this.onReusedConnection = connection.isReused();
    }

    void write(UpstreamRequest request) {
        var message = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                request.method(),
                request.uri(),
                request.body(),
                request.headers(),
                EmptyHttpHeaders.INSTANCE);
        connection.channel().writeAndFlush(message).addListener((ChannelFuture written) -> {
            requestFullyWritten = written.isSuccess();
            if (written.cause() instanceof EncoderException) {
                refuse("the request cannot be written as HTTP/1.1", written.cause());
            }
        });
    }

    void onMessage(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            Throwable cause = message.decoderResult().cause();
            refuse(AnswerGuard.problemOf(cause), cause);
            return;
        }
        if (message instanceof HttpResponse head) {
            onHead(head);
        }
        if (message instanceof HttpContent content) {
            onContent(content);
        }
    }

    private void refuse(String problem, @Nullable Throwable cause) {
        connection.close();
        fail(FailureKind.BAD_RESPONSE, problem, cause);
    }

    private void onHead(HttpResponse head) {
        String problem = AnswerGuard.problemOf(head);
        if (problem != null) {
            refuse(problem, null);
            return;
        }
        skippingInterim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (skippingInterim) {
            refuseFlood(++interim);
        } else {
            headReceived = true;
            engineKeepsAlive = HttpUtil.isKeepAlive(head);
            sink.onHead(head);
        }
    }

    /** Interim responses are few (RFC 9110, section 15.2); an engine that sends nothing else would never be timed. */
    private void refuseFlood(int count) {
        if (count > MAX_INTERIM) {
            refuse("the engine sent more than " + MAX_INTERIM + " interim answers", null);
        }
    }

    private void onContent(HttpContent content) {
        if (skippingInterim || over || !content.content().isReadable()) {
            content.release();
        } else {
            sink.onContent(content.content());
        }
        if (content instanceof LastHttpContent last && !skippingInterim && !over) {
            over = true;
            connection.ended(requestFullyWritten && engineKeepsAlive);
            sink.onEnd(last.trailingHeaders());
        }
    }

    void onChunks(WholeChunks chunks) {
        sink.onChunks(chunks.framed(), chunks.dataBytes());
    }

    void onReadComplete() {
        sink.onReadComplete();
    }

    /** Reports the failure, unless the stream is over. */
    void fail(FailureKind kind, String text, @Nullable Throwable cause) {
        if (!over) {
            over = true;
            if (!headReceived) {
                connection.doubtProtocol();
            }
            sink.onFailure(ProxyFailure.of(kind, text, replaySafety(kind), cause));
        }
    }

    private ReplaySafety replaySafety(FailureKind kind) {
        if (headReceived || kind == FailureKind.BAD_RESPONSE || connection.answerBegan()) {
            return ReplaySafety.ANSWER_STARTED;
        }
        return onReusedConnection ? ReplaySafety.STALE_CONNECTION : ReplaySafety.SENT_NOTHING_BACK;
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            connection.close();
        }
    }

    @Override
    public void pauseReads() {
        if (!over) {
            connection.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void resumeReads() {
        if (!over) {
            connection.channel().config().setAutoRead(true);
        }
    }
}
