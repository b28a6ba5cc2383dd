package io.penstock.router.tracing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import io.penstock.proxy.http.RequestHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of spans: OpenTelemetry's conventions for HTTP (stable) and generative AI (in development), and the router's own,
 * whose names begin with {@code penstock}. There is no query, header but the user agent, key or anything of a body among them.
 * Threading: pure functions.
 */
final class SpanFields {

    private static final int LONGEST_TEXT = 1024;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> SENT_METHOD = AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<String> HTTP_ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<Long> RESENDS = AttributeKey.longKey("http.request.resend_count");
    private static final AttributeKey<Long> REQUEST_BYTES = AttributeKey.longKey("http.request.body.size");
    private static final AttributeKey<Long> RESPONSE_BYTES = AttributeKey.longKey("http.response.body.size");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<String> VERSION = AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
    private static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("penstock.route");
    private static final AttributeKey<String> POOL = AttributeKey.stringKey("penstock.pool");
    private static final AttributeKey<String> ENGINE = AttributeKey.stringKey("penstock.engine");
    private static final AttributeKey<String> PURPOSE = AttributeKey.stringKey("penstock.leg");
    private static final AttributeKey<String> FAILURE = AttributeKey.stringKey("penstock.failure");
    private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("penstock.attempts");
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("penstock.request_id");
    private static final AttributeKey<String> SESSION = AttributeKey.stringKey("penstock.session_hash");
    private static final AttributeKey<Double> QUEUE = AttributeKey.doubleKey("penstock.queue_ms");
    private static final AttributeKey<Double> CONNECT = AttributeKey.doubleKey("penstock.connect_ms");
    private static final AttributeKey<Double> FIRST_BYTE = AttributeKey.doubleKey("penstock.first_byte_ms");

    private SpanFields() {}

    /** Has read what is found on the class path by then, so that no event loop has to. */
    static void prepare() {
        var unused = Context.root().with(Span.getInvalid());
    }

    /** Of a server span. */
    static Attributes ofRequest(ExchangeSummary summary) {
        RequestHead head = summary.head();
        AttributesBuilder fields = Attributes.builder();
        message(fields, head);
        text(fields, HTTP_ROUTE, HttpNames.route(head.path()));
        text(fields, PATH, head.path());
        text(fields, USER_AGENT, head.headers().get(HttpHeaderNames.USER_AGENT));
        fields.put(SCHEME, head.scheme());
        fields.put(VERSION, summary.protocol() == ClientProtocol.HTTP2 ? "2" : "1.1");
        client(fields, head);
        labels(fields, summary.labels());
        fields.put(REQUEST_ID, head.requestId());
        Long session = summary.requester().session();
        text(fields, SESSION, session == null ? null : HexFormat.of().toHexDigits(session));
        text(
                fields,
                ENGINE,
                summary.endpoint() == null ? null : summary.endpoint().authority());
        outcome(fields, summary);
        return fields.build();
    }

    private static void outcome(AttributesBuilder fields, ExchangeSummary summary) {
        boolean nobodyRead = summary.failure() != null
                && summary.failure().status() == summary.status()
                && summary.status() == FailureKind.CLIENT_GONE.status();
        if (!nobodyRead) {
            fields.put(STATUS, (long) summary.status());
        }
        failure(fields, summary.failure());
        fields.put(ATTEMPTS, (long) summary.attempts());
        fields.put(REQUEST_BYTES, summary.requestBytes());
        fields.put(RESPONSE_BYTES, summary.responseBytes());
        millis(fields, QUEUE, summary.timing().queue());
        millis(fields, CONNECT, summary.timing().connect());
        millis(fields, FIRST_BYTE, summary.timing().firstByte());
    }

    /** Of a client span, at its beginning. */
    static Attributes ofAttempt(RequestHead head, Endpoint endpoint, RouteLabels labels, int number) {
        AttributesBuilder fields = engine(head, endpoint, labels);
        if (number > 1) {
            fields.put(RESENDS, (long) (number - 1));
        }
        return fields.build();
    }

    /** Of a client span of a leg, at its beginning. */
    static Attributes ofLeg(RequestHead head, EngineLeg leg) {
        return engine(head, leg.endpoint(), leg.plan().labels())
                .put(PURPOSE, leg.purpose())
                .build();
    }

    private static AttributesBuilder engine(RequestHead head, Endpoint endpoint, RouteLabels labels) {
        AttributesBuilder fields = Attributes.builder();
        message(fields, head);
        String scheme = endpoint.tls() == null ? "http" : "https";
        text(fields, URL, scheme + "://" + endpoint.authority() + head.path());
        fields.put(SERVER, endpoint.host());
        fields.put(SERVER_PORT, (long) endpoint.port());
        labels(fields, labels);
        return fields.put(ENGINE, endpoint.authority());
    }

    /** Of a client span, at its end. */
    static Attributes ofEnd(AttemptEnd end, long connectNanos) {
        AttributesBuilder fields = Attributes.builder();
        if (end.status() > 0) {
            fields.put(STATUS, (long) end.status());
        }
        failure(fields, end.failure());
        millis(fields, CONNECT, connectNanos);
        millis(fields, FIRST_BYTE, end.firstByteNanos());
        return fields.build();
    }

    /**
     * Says whether a span is an error: what a client does wrong is none of the router's.
     *
     * @param badStatus an HTTP status that is an error of this span, or 0
     */
    static void judge(Span span, int badStatus, @Nullable FailureKind failure) {
        if (failure != null && (failure.fault() != Fault.CLIENT || badStatus > 0)) {
            span.setAttribute(ERROR, failure.label());
            span.setStatus(StatusCode.ERROR);
        } else if (badStatus > 0) {
            span.setAttribute(ERROR, Integer.toString(badStatus));
            span.setStatus(StatusCode.ERROR);
        }
    }

    private static void message(AttributesBuilder fields, RequestHead head) {
        HttpMethod method = head.method();
        boolean known = HttpNames.isKnown(method);
        fields.put(METHOD, known ? method.name() : "_OTHER");
        text(fields, SENT_METHOD, known ? null : method.name());
        text(fields, OPERATION, HttpNames.operation(head.path()));
    }

    private static void client(AttributesBuilder fields, RequestHead head) {
        InetAddress client = head.clientAddress();
        text(fields, CLIENT, client == null ? null : client.getHostAddress());
        if (head.client() instanceof InetSocketAddress peer && peer.getAddress() != null) {
            fields.put(PEER, peer.getAddress().getHostAddress());
            fields.put(PEER_PORT, (long) peer.getPort());
        }
    }

    private static void labels(AttributesBuilder fields, RouteLabels labels) {
        named(fields, ROUTE, labels.route(), RouteLabels.NONE.route());
        named(fields, POOL, labels.pool(), RouteLabels.NONE.pool());
        named(fields, MODEL, labels.model(), RouteLabels.NONE.model());
    }

    private static void named(AttributesBuilder fields, AttributeKey<String> key, String value, String none) {
        text(fields, key, value.equals(none) ? null : value);
    }

    private static void failure(AttributesBuilder fields, @Nullable FailureKind failure) {
        text(fields, FAILURE, failure == null ? null : failure.label());
    }

    private static void text(AttributesBuilder fields, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            fields.put(key, value.length() > LONGEST_TEXT ? value.substring(0, LONGEST_TEXT) : value);
        }
    }

    private static void millis(AttributesBuilder fields, AttributeKey<Double> key, long nanos) {
        if (nanos >= 0) {
            fields.put(key, nanos / NANOS_PER_MILLI);
        }
    }
}
