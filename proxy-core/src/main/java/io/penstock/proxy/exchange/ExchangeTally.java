package io.penstock.proxy.exchange;

import io.penstock.proxy.api.AttemptTrace;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.EventTimes;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ExchangeTrace;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.TokenUsage;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.sse.FlushTally;
import org.jspecify.annotations.Nullable;

/** What an exchange adds up on its way for its {@link ExchangeSummary}. Threading: loop-confined. */
@LoopConfined
final class ExchangeTally {

    private static final int CLIENT_LEFT_BEFORE_THE_HEAD = 499;

    private final RequestHead head;
    private final ClientProtocol protocol;
    private final ExchangeTrace trace;

    private RouteLabels labels = RouteLabels.NONE;
    private Requester requester = Requester.UNKNOWN;
    private @Nullable Endpoint endpoint;
    private @Nullable FailureKind rerouted;
    private int attempts;
    private long promptTokens = -1;
    private int status = CLIENT_LEFT_BEFORE_THE_HEAD;
    private long requestBytes;
    private long responseBytes;
    private boolean requestComplete;
    private long bodyCompleteNanos;
    private long connectNanos;
    private long failedNanos;
    private long waitedNanos;
    private long preparedNanos;
    private long firstByteNanos = -1;
    private long addedNanos = -1;
    private @Nullable TokenUsage usage;
    private @Nullable EventTimes events;
    private @Nullable FlushTally flushes;

    ExchangeTally(RequestHead head, ClientProtocol protocol, ExchangeTrace trace) {
        this.head = head;
        this.protocol = protocol;
        this.trace = trace;
    }

    void labels(RouteLabels named) {
        labels = named;
    }

    /** The router refused; after attempts it is counted as they are. */
    void refused(RouteDecision.Reject reject) {
        if (attempts == 0) {
            labels = reject.labels();
            requester = reject.requester();
        }
    }

    int attempts() {
        return attempts;
    }

    /** The engine that was asked last. */
    @Nullable
    Endpoint endpoint() {
        return endpoint;
    }

    void bodyComplete(int bytes, long nowNanos) {
        requestComplete = true;
        requestBytes = bytes;
        bodyCompleteNanos = nowNanos;
    }

    /** Another engine works on the request before the first attempt. */
    void preparing(RoutePlan plan) {
        if (attempts == 0) {
            labels = plan.labels();
            requester = plan.requester();
        }
    }

    void asking(RouteDecision.Forward forward, ProxyObserver observer) {
        if (endpoint != null && rerouted != null) {
            observer.retried(labels, endpoint, rerouted);
        }
        endpoint = forward.endpoint();
        waitedNanos = forward.plan().waitedNanos();
        preparedNanos = forward.plan().preparedNanos();
        attempts++;
        labels = forward.plan().labels();
        requester = forward.plan().requester();
        promptTokens = forward.plan().promptTokens();
    }

    /** Follows the attempt that was counted last. */
    AttemptTrace attemptTrace(RouteDecision.Forward forward) {
        return trace.attempt(forward.endpoint(), labels, attempts);
    }

    /** Follows a leg. */
    AttemptTrace legTrace(EngineLeg leg) {
        return trace.leg(leg);
    }

    void rerouting(ProxyFailure cause) {
        rerouted = cause.kind();
    }

    void answering(int code) {
        status = code;
    }

    void waitedForConnection(long nanos) {
        connectNanos += nanos;
    }

    /** An attempt took so long in vain. */
    void failedAttempt(long waitedForConnectionNanos, long totalNanos) {
        connectNanos += waitedForConnectionNanos;
        failedNanos += totalNanos;
    }

    /** The first byte of the body goes to the client; {@code waiting} nanoseconds of it went to the answering attempt's connection
     * and engine. */
    void firstByte(long nowNanos, long waiting) {
        if (firstByteNanos < 0 && requestComplete) {
            firstByteNanos = nowNanos - bodyCompleteNanos;
            addedNanos = Math.max(0, firstByteNanos - failedNanos - waitedNanos - preparedNanos - waiting);
        }
    }

    void relayed(int bytes) {
        responseBytes += bytes;
    }

    /** The answer is a stream, whose events are timed. */
    void timing(EventTimes timed) {
        events = timed;
    }

    /** The answer told what tokens it took. */
    void used(TokenUsage told) {
        usage = told;
    }

    /** The client's events are held, and counted. */
    void holding(FlushTally counted) {
        flushes = counted;
    }

    /** Tells how it ended. */
    void tell(ProxyObserver observer, @Nullable FailureKind failure, long nowNanos) {
        if (flushes != null) {
            observer.streamFlushed(labels, flushes.summary());
        }
        observer.exchangeEnded(ended(failure, nowNanos));
    }

    /** The exchange is over. */
    ExchangeSummary ended(@Nullable FailureKind failure, long nowNanos) {
        ExchangeSummary summary = summary(failure, nowNanos);
        trace.ended(summary);
        return summary;
    }

    private ExchangeSummary summary(@Nullable FailureKind failure, long nowNanos) {
        var timing = new ExchangeSummary.Timing(
                nowNanos - head.receivedNanos(),
                firstByteNanos,
                attempts == 0 ? -1 : connectNanos,
                addedNanos,
                waitedNanos);
        return new ExchangeSummary(
                head,
                protocol,
                requester,
                labels,
                endpoint,
                status,
                failure,
                attempts,
                requestBytes,
                responseBytes,
                timing,
                new ExchangeSummary.Learned(promptTokens, trace.traceId(), usage, events));
    }
}
