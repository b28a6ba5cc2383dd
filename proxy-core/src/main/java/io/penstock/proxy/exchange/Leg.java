package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestIds;
import io.penstock.proxy.http.RetryAfter;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.upstream.ResponseSink;
import io.penstock.proxy.upstream.UpstreamRequest;
import io.penstock.proxy.upstream.UpstreamStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One leg under way: an attempt whose answer is not the client's, but the router's. It holds the ticket and ends it exactly once,
 * before its own end is told. It outlives its exchange where nobody cancels it. Threading: loop-confined.
 */
@LoopConfined
final class Leg implements ResponseSink {

    private static final int COMPONENTS = 256;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Exchange exchange;
    private final EngineLeg leg;
    private final int number;
    private final AttemptTrace trace;
    private final Promise<LegAnswer> answer;
    private final CompositeByteBuf kept = Unpooled.compositeBuffer(COMPONENTS);
    private final long beganNanos;

    private @Nullable UpstreamStream stream;
    private @Nullable Future<?> timer;
    private @Nullable String contentType;
    private boolean over;
    private boolean resent;
    private boolean answering;
    private boolean whole = true;
    private int status;
    private int retryAfterSeconds;
    private long sentNanos;
    private long firstByteNanos = -1;

    private Leg(Exchange exchange, EngineLeg leg, int number, AttemptTrace trace) {
        this.exchange = exchange;
        this.leg = leg;
        this.number = number;
        this.trace = trace;
        this.answer = exchange.client().loop().newPromise();
        this.beganNanos = exchange.now();
    }

    /** Sends the leg as the request's {@code number}th to an engine; what fails in it is told by the future. */
    static Future<LegAnswer> send(Exchange exchange, EngineLeg leg, int number, AttemptTrace trace) {
        Leg sent = new Leg(exchange, leg, number, trace);
        sent.answer.addListener(done -> sent.onCancelled());
        try {
            sent.start();
        } catch (RuntimeException | Error defect) {
            sent.end(FailureKind.INTERNAL);
            sent.answer.tryFailure(defect);
        }
        return sent.answer;
    }

    private void start() {
        ByteBuf body = exchange.body().spliced(leg.edits().splices());
        String id = RequestIds.ofAttempt(exchange.head(), number);
        HttpHeaders headers =
                ProxyHeaders.toEngine(exchange.head(), leg.endpoint().authority(), id, body.readableBytes());
        leg.edits().headers().apply(headers);
        trace.sending(headers);
        var request =
                new UpstreamRequest(exchange.head().method(), exchange.head().uri(), headers, body);
        var pool = exchange.context().pool();
        UpstreamStream sent = resent
                ? pool.sendAfresh(leg.endpoint(), request, leg.limits().connect(), this)
                : pool.send(leg.endpoint(), request, leg.limits().connect(), this);
        if (!over && stream == null) {
            stream = sent;
        }
    }

    @Override
    public void onSent(long waitedNanos) {
        trace.sent(waitedNanos);
        sentNanos = exchange.now();
        leg.ticket().sent();
        stopTimer();
        timer = exchange.client()
                .loop()
                .schedule(this::giveUp, leg.limits().answer().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void onHead(HttpResponse head) {
        firstByteNanos = exchange.now() - sentNanos;
        status = head.status().code();
        trace.head(status);
        contentType = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        retryAfterSeconds = status == TOO_MANY_REQUESTS ? RetryAfter.seconds(head.headers()) : 0;
    }

    @Override
    public void onContent(ByteBuf content) {
        if (over) {
            content.release();
            return;
        }
        if (!answering) {
            answering = true;
            leg.ticket().answering(status);
            trace.answering();
        }
        whole &= content.readableBytes() <= leg.limits().keptBytes() - kept.readableBytes();
        if (whole) {
            kept.addComponent(true, content);
        } else {
            content.release();
        }
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onEnd(HttpHeaders trailers) {
        byte[] body = ByteBufUtil.getBytes(kept);
        end(null);
        answer.trySuccess(new LegAnswer(status, contentType, body, whole));
    }

    @Override
    public void onFailure(ProxyFailure failure) {
        if (failure.replaySafety() == ReplaySafety.STALE_CONNECTION && !resent && !exchange.isDone()) {
            resent = true;
            stream = null;
            stopTimer();
            start();
        } else {
            end(failure.kind());
            answer.tryFailure(failure);
        }
    }

    private void giveUp() {
        String text = "the engine's answer was not complete within "
                + leg.limits().answer().toMillis() + " ms";
        cancel();
        onFailure(ProxyFailure.of(FailureKind.FIRST_TOKEN_TIMEOUT, text, ReplaySafety.SENT_NOTHING_BACK, null));
    }

    private void onCancelled() {
        if (!over) {
            cancel();
            end(FailureKind.CLIENT_GONE);
        }
    }

    private void cancel() {
        if (stream != null) {
            stream.cancel();
        }
    }

    private void end(@Nullable FailureKind failure) {
        if (!over) {
            over = true;
            stream = null;
            stopTimer();
            kept.release();
            long total = exchange.now() - beganNanos;
            var how = new AttemptEnd(status, failure, firstByteNanos, total, retryAfterSeconds);
            trace.ended(how);
            Attempt.end(leg.ticket(), how);
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
