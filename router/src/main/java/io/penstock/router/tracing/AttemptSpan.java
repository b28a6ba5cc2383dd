package io.penstock.router.tracing;

import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.http.TraceContext;
import org.jspecify.annotations.Nullable;

/** The client span of one attempt, which the engine is told as its parent. Threading: confined to the client's event loop. */
final class AttemptSpan implements AttemptTrace {

    private static final int FIRST_ERROR_STATUS = 400;

    /** That a trace id is random (W3C Trace Context, level 2) is known by whoever made it. */
    private static final int RANDOM = 2;

    private final Span span;
    private final @Nullable TraceContext received;
    private long connectNanos;
    private int sendings;

    AttemptSpan(Span span, @Nullable TraceContext received) {
        this.span = span;
        this.received = received;
    }

    @Override
    public void sending(HttpHeaders toEngine) {
        if (++sendings > 1) {
            span.addEvent("penstock.resent");
        }
        SpanContext own = span.getSpanContext();
        int flags = own.getTraceFlags().asByte() | (received == null ? RANDOM : received.flags() & RANDOM);
        toEngine.set(TraceContext.TRACEPARENT, new TraceContext(own.getTraceId(), own.getSpanId(), flags).value());
        if (received == null) {
            toEngine.remove(TraceContext.TRACESTATE); // of a context that was invalid, or of none
        }
    }

    @Override
    public void sent(long waitedNanos) {
        connectNanos += waitedNanos;
        span.addEvent("penstock.sent");
    }

    @Override
    public void head(int status) {
        span.addEvent("penstock.response_head");
    }

    @Override
    public void answering() {
        span.addEvent("penstock.first_byte");
    }

    @Override
    public void ended(AttemptEnd end) {
        if (span.isRecording()) {
            span.setAllAttributes(SpanFields.ofEnd(end, connectNanos));
            SpanFields.judge(span, end.status() >= FIRST_ERROR_STATUS ? end.status() : 0, end.failure());
        }
        span.end();
    }
}
