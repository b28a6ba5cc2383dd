package io.penstock.router.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ExchangeTrace;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.http.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The server span of one request, and the parent of its attempts' spans. Contexts are handed on as values and never made current
 * on a thread, as one loop runs many requests. Threading: confined to the client's event loop.
 */
final class RequestSpan implements ExchangeTrace {

    private final Tracer tracer;
    private final RequestHead head;
    private final @Nullable TraceContext received;
    private final Span span;
    private final Context context;

    private RequestSpan(Tracer tracer, RequestHead head, @Nullable TraceContext received, Span span) {
        this.tracer = tracer;
        this.head = head;
        this.received = received;
        this.span = span;
        this.context = Context.root().with(span);
    }

    static RequestSpan begin(Tracer tracer, RequestHead head) {
        TraceContext received = TraceContext.of(head.headers());
        SpanBuilder builder = tracer.spanBuilder(HttpNames.span(head)).setSpanKind(SpanKind.SERVER);
        Span span = received == null
                ? builder.setNoParent().startSpan()
                : builder.setParent(Context.root().with(Span.wrap(remote(received))))
                        .startSpan();
        return new RequestSpan(tracer, head, received, span);
    }

    private static SpanContext remote(TraceContext received) {
        boolean sampled = (received.flags() & TraceContext.SAMPLED) != 0;
        TraceFlags flags = sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
        return SpanContext.createFromRemoteParent(
                received.traceId(), received.spanId(), flags, TraceState.getDefault());
    }

    @Override
    public String traceId() {
        return span.getSpanContext().getTraceId();
    }

    @Override
    public AttemptTrace attempt(Endpoint endpoint, RouteLabels labels, int number) {
        Span child = child();
        if (child.isRecording()) {
            child.setAllAttributes(SpanFields.ofAttempt(head, endpoint, labels, number));
        }
        return new AttemptSpan(child, received);
    }

    @Override
    public AttemptTrace leg(EngineLeg leg) {
        Span child = child();
        if (child.isRecording()) {
            child.setAllAttributes(SpanFields.ofLeg(head, leg));
        }
        return new AttemptSpan(child, received);
    }

    private Span child() {
        return tracer.spanBuilder(HttpNames.span(head))
                .setSpanKind(SpanKind.CLIENT)
                .setParent(context)
                .startSpan();
    }

    @Override
    public void ended(ExchangeSummary summary) {
        if (span.isRecording()) {
            span.setAllAttributes(SpanFields.ofRequest(summary));
            SpanFields.judge(span, summary.status() >= 500 ? summary.status() : 0, summary.failure());
        }
        span.end();
    }
}
