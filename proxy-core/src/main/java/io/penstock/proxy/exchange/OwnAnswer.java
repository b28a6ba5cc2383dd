package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.Fault;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * Writes the answers that no engine gave: what the router knows itself, and failures. After attempts it says how many engines
 * were tried, and with debug headers on which was the last. Threading: loop-confined.
 */
@LoopConfined
final class OwnAnswer {

    private static final String SUBJECT = "the engine ";

    private static final ByteBuf DATA = ascii("data: ");
    private static final ByteBuf EVENT_END = ascii("\n\n");

    private final RequestHead head;
    private final ClientStream client;
    private final ExchangeTally tally;
    private final Heartbeat heartbeat;
    private final boolean debug;

    OwnAnswer(Exchange exchange, ExchangeTally tally, Heartbeat heartbeat) {
        this.head = exchange.head();
        this.client = exchange.client();
        this.tally = tally;
        this.heartbeat = heartbeat;
        this.debug = exchange.context().options().debugHeaders();
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** Takes the answer's body over, also when the rest of it is unusable and this throws. */
    void answer(RouteDecision.Answer answer) {
        if (heartbeat.hasBegun()) {
            answerInStream(answer.body());
            return;
        }
        HttpResponse response;
        try {
            response = headOf(answer);
        } catch (RuntimeException e) {
            answer.body().release();
            throw e;
        }
        respond(response, answer.body());
    }

    /** The client has the head of an event stream, so the whole answer becomes its last event. */
    private void answerInStream(ByteBuf json) {
        client.writeContent(Unpooled.wrappedBuffer(DATA.duplicate(), json, EVENT_END.duplicate()));
        client.cut();
    }

    private static HttpResponse headOf(RouteDecision.Answer answer) {
        var status = HttpResponseStatus.valueOf(answer.status());
        if (status.code() != HttpResponseStatus.NO_CONTENT.code()) {
            int length = answer.body().readableBytes();
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(length));
        }
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, answer.headers());
    }

    /** Tells the client a failure: as an answer, or as the only event of a stream that began with comments. */
    void fail(ProxyFailure failure, HeaderEdits edits) {
        if (heartbeat.hasBegun()) {
            failInStream(failure);
        } else {
            answer(failure, edits);
        }
    }

    private void failInStream(ProxyFailure failure) {
        client.writeContent(FailureResponse.event(told(failure), head.path()));
        client.cut();
    }

    private ProxyFailure told(ProxyFailure failure) {
        Endpoint last = tally.endpoint();
        return last == null || failure.kind().fault() != Fault.ENGINE
                ? failure
                : failure.saying(afterAttempts(failure.message(), last));
    }

    private void answer(ProxyFailure failure, HeaderEdits edits) {
        Endpoint last = tally.endpoint();
        ProxyFailure told = told(failure);
        ByteBuf text = FailureResponse.body(told, head.path());
        HttpResponse response = FailureResponse.head(told, text.readableBytes());
        if (debug && last != null) {
            response.headers().set(ProxyHeaders.X_PENSTOCK_ENGINE, last.authority());
        }
        edits.apply(response.headers());
        respond(response, text);
    }

    private String afterAttempts(String message, Endpoint last) {
        int engines = tally.attempts();
        String named = debug ? ", " + last.authority() + "," : "";
        String tried = engines == 1 ? "1 engine tried; it" : engines + " engines tried; the last";
        String predicate =
                message.startsWith(SUBJECT) ? " " + message.substring(SUBJECT.length()) : " failed: " + message;
        return tried + named + predicate;
    }

    private void respond(HttpResponse response, ByteBuf content) {
        response.headers().set(ProxyHeaders.X_REQUEST_ID, head.requestId());
        tally.answering(response.status().code());
        if (!head.method().equals(HttpMethod.HEAD)) {
            tally.relayed(content.readableBytes());
        }
        client.writeHead(response);
        client.writeContent(content);
        client.end(EmptyHttpHeaders.INSTANCE);
    }
}
