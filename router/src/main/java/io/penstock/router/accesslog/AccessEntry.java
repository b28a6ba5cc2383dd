package io.penstock.router.accesslog;

import io.netty.util.NetUtil;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.TokenUsage;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.TraceContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the access log says of one request. It holds neither headers nor the query, which may tell secrets, nor anything of the
 * bodies; and it is small, as many of them may wait to be written. Threading: immutable.
 *
 * @param ended when the request ended
 * @param requestId its id, the one in the answer
 * @param client the address of the client's connection
 * @param protocol the HTTP version of that connection
 * @param method its method
 * @param path its path, cut after {@value #MAX_PATH} characters
 * @param requester whose request it was
 * @param labels what it is counted under
 * @param engine the engine that answered or failed last, or null
 * @param status the status of the answer, 499 if the client left before it
 * @param failure what failed, or null
 * @param attempts how many engines were asked
 * @param requestBytes bytes of the request's body
 * @param responseBytes bytes of the answer's body
 * @param promptTokens how many tokens its prompt has, counted; -1 if nobody counted
 * @param timing where the time went
 * @param traceId the trace it was followed in, or else the one its client sent; null without one
 * @param usage the tokens it took, or null if the answer did not tell
 * @param events how many events of a stream came from the engine, or -1 if the answer was none
 */
record AccessEntry(
        Instant ended,
        String requestId,
        String client,
        String protocol,
        String method,
        String path,
        Requester requester,
        RouteLabels labels,
        @Nullable Endpoint engine,
        int status,
        @Nullable FailureKind failure,
        int attempts,
        long requestBytes,
        long responseBytes,
        long promptTokens,
        ExchangeSummary.Timing timing,
        @Nullable String traceId,
        @Nullable TokenUsage usage,
        long events) {

    static final int MAX_PATH = 1024;

    static AccessEntry of(ExchangeSummary summary, Instant ended) {
        String path = summary.head().path();
        ExchangeSummary.Learned learned = summary.learned();
        return new AccessEntry(
                ended,
                summary.head().requestId(),
                shown(summary.head().client()),
                summary.protocol().label(),
                summary.head().method().name(),
                path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path,
                summary.requester(),
                summary.labels(),
                summary.endpoint(),
                summary.status(),
                summary.failure(),
                summary.attempts(),
                summary.requestBytes(),
                summary.responseBytes(),
                learned.promptTokens(),
                summary.timing(),
                traceId(summary),
                learned.usage(),
                learned.events() == null ? -1 : learned.events().events());
    }

    private static @Nullable String traceId(ExchangeSummary summary) {
        if (summary.learned().traceId() != null) {
            return summary.learned().traceId();
        }
        TraceContext sent = TraceContext.of(summary.head().headers());
        return sent == null ? null : sent.traceId();
    }

    /** Without a look-up of names. */
    private static String shown(SocketAddress client) {
        return client instanceof InetSocketAddress address
                ? NetUtil.toSocketAddressString(address)
                : String.valueOf(client);
    }
}
