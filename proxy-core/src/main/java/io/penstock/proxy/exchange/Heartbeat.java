package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client and everything between it and the router from giving up while a long prompt is prefilled: a comment in the
 * event stream now and then (WHATWG HTML, server-sent events, section 9.2.7), before which the head goes out. It ends when an
 * answer begins. Threading: loop-confined.
 */
@LoopConfined
final class Heartbeat {

    private static final ByteBuf COMMENT =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(": waiting\n\n", StandardCharsets.UTF_8));

    private final RequestHead request;
    private final ClientStream client;
    private final ExchangeTally tally;

    private @Nullable Future<?> timer;
    private long everyNanos;
    private boolean begun;

    Heartbeat(RequestHead request, ClientStream client, ExchangeTally tally) {
        this.request = request;
        this.client = client;
        this.tally = tally;
    }

    /** The request is sent to an engine; only the first time counts. */
    void arm(RoutePlan plan) {
        if (timer == null) {
            everyNanos = plan.heartbeat().toNanos();
            if (everyNanos > 0) {
                next();
            }
        }
    }

    private void next() {
        timer = client.loop().schedule(this::beat, everyNanos, TimeUnit.NANOSECONDS);
    }

    private void beat() {
        if (!begun) {
            begun = true;
            writeHead();
        }
        if (client.isWritable()) {
            client.writeContent(COMMENT.duplicate());
            client.flush();
        }
        next();
    }

    private void writeHead() {
        var headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, ResponseRelay.EVENT_STREAM);
        headers.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_CACHE);
        headers.set(ProxyHeaders.X_REQUEST_ID, request.requestId());
        tally.answering(HttpResponseStatus.OK.code());
        client.writeHead(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, headers));
    }

    /** True if the client has the head of an event stream. */
    boolean hasBegun() {
        return begun;
    }

    /** An answer begins, or none will. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
