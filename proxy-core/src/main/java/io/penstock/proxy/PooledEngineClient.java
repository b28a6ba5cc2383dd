package io.penstock.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.upstream.ResponseSink;
import io.penstock.proxy.upstream.UpstreamPools;
import io.penstock.proxy.upstream.UpstreamRequest;
import io.penstock.proxy.upstream.UpstreamStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends the router's own small requests through the pools of the traffic, those to one endpoint always on the same event
 * loop: pools belong to loops, and a probe that finds its last connection costs no new one. Threading: any thread.
 */
final class PooledEngineClient implements EngineClient {

    private static final int MAX_BODY_BYTES = 4 << 20;

    private final EventLoop[] loops;
    private final UpstreamPools pools;
    private final Function<Endpoint, HeaderEdits> edits;

    PooledEngineClient(EventLoops loops, UpstreamPools pools, Function<Endpoint, HeaderEdits> edits) {
        this.edits = edits;
        this.loops = StreamSupport.stream(loops.group().spliterator(), false)
                .map(EventLoop.class::cast)
                .toArray(EventLoop[]::new);
        this.pools = pools;
    }

    @Override
    public Future<Reply> get(Endpoint endpoint, String path, Duration timeout) {
        return send(endpoint, new Question(HttpMethod.GET, path, new byte[0]), timeout);
    }

    @Override
    public Future<Reply> post(Endpoint endpoint, String path, byte[] json, Duration timeout) {
        return send(endpoint, new Question(HttpMethod.POST, path, json), timeout);
    }

    private Future<Reply> send(Endpoint endpoint, Question question, Duration timeout) {
        EventLoop loop = loops[Math.floorMod(endpoint.authority().hashCode(), loops.length)];
        var call = new Call(loop, endpoint, question, timeout);
        try {
            loop.execute(call::start);
        } catch (RejectedExecutionException e) {
            call.body.release();
            var failure = ProxyFailure.of(
                    FailureKind.CONNECT_FAILED, "the router is shutting down", ReplaySafety.NOT_SENT, e);
            return ImmediateEventExecutor.INSTANCE.newFailedFuture(failure);
        }
        return call.answer;
    }

    @Override
    public void forget(Endpoint endpoint) {
        pools.forget(endpoint);
    }

    /** What is sent. Threading: immutable. */
    private static final class Question {

        private final HttpMethod method;
        private final String path;
        private final byte[] json;

        Question(HttpMethod method, String path, byte[] json) {
            this.method = method;
            this.path = path;
            this.json = json;
        }
    }

    /** One request under way; sent once more when the pooled connection it went on turned out to be dead. */
    @LoopConfined
    private final class Call implements ResponseSink {

        private final EventLoop loop;
        private final Endpoint endpoint;
        private final Question question;
        private final Duration timeout;
        private final Promise<Reply> answer;
        private final CompositeByteBuf body = Unpooled.compositeBuffer(1024);
        private boolean sentAfresh;
        private int status;
        private @Nullable UpstreamStream stream;

        Call(EventLoop loop, Endpoint endpoint, Question question, Duration timeout) {
            this.loop = loop;
            this.endpoint = endpoint;
            this.question = question;
            this.timeout = timeout;
            this.answer = loop.newPromise();
        }

        void start() {
            if (answer.isDone()) {
                body.release();
                return;
            }
            var timer = loop.schedule(this::giveUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
            stream = pools.of(loop).send(endpoint, request(), timeout, this);
            // after the sending, as it is told at once of an answer that another thread has cancelled meanwhile
            answer.addListener(done -> {
                timer.cancel(false);
                body.release();
                if (answer.isCancelled() && stream != null) {
                    stream.cancel();
                }
            });
        }

        private UpstreamRequest request() {
            HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
            headers.set(HttpHeaderNames.HOST, endpoint.authority());
            headers.set(HttpHeaderNames.USER_AGENT, "penstock");
            byte[] json = question.json;
            if (json.length > 0) {
                headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
                headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(json.length));
            }
            edits.apply(endpoint).apply(headers);
            var body = json.length == 0 ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(json);
            return new UpstreamRequest(question.method, question.path, headers, body);
        }

        private void giveUp() {
            var failure = ProxyFailure.of(
                    FailureKind.FIRST_TOKEN_TIMEOUT,
                    "no answer within " + timeout.toMillis() + " ms",
                    ReplaySafety.SENT_NOTHING_BACK,
                    null);
            if (answer.tryFailure(failure) && stream != null) {
                stream.cancel();
            }
        }

        @Override
        public void onSent(long waitedNanos) {}

        @Override
        public void onHead(HttpResponse head) {
            status = head.status().code();
        }

        @Override
        public void onContent(ByteBuf content) {
            if (answer.isDone()) {
                content.release();
            } else if (body.readableBytes() + content.readableBytes() > MAX_BODY_BYTES) {
                content.release();
                giveUpOnLongBody();
            } else {
                body.addComponent(true, content);
            }
        }

        private void giveUpOnLongBody() {
            var failure = ProxyFailure.of(
                    FailureKind.BAD_RESPONSE,
                    "the answer is longer than " + MAX_BODY_BYTES + " bytes",
                    ReplaySafety.ANSWER_STARTED,
                    null);
            if (answer.tryFailure(failure) && stream != null) {
                stream.cancel();
            }
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onEnd(HttpHeaders trailers) {
            if (!answer.isDone()) {
                answer.trySuccess(new Reply(status, body.toString(StandardCharsets.UTF_8)));
            }
        }

        @Override
        public void onFailure(ProxyFailure failure) {
            if (failure.replaySafety() == ReplaySafety.STALE_CONNECTION && !sentAfresh && !answer.isDone()) {
                sentAfresh = true;
                stream = pools.of(loop).sendAfresh(endpoint, request(), timeout, this);
            } else {
                answer.tryFailure(failure);
            }
        }
    }
}
