package io.penstock.proxy;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy of one loop whose router sends everything to one engine (or the next, when it fails), or does what a test says. It counts what the observer is
 * told, so that tests can see the books balance. Threading: any thread.
 */
final class ProxyUnderTest implements AutoCloseable, ProxyObserver {

    static final RouteTimeouts TIMEOUTS = new RouteTimeouts(Gate.LIMIT, Gate.LIMIT, Gate.LIMIT);

    final AtomicInteger openTickets = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger idle = new AtomicInteger();
    final AtomicInteger clients = new AtomicInteger();
    final BlockingQueue<ExchangeSummary> exchanges = new LinkedBlockingQueue<>();
    final BlockingQueue<AttemptEnd> attempts = new LinkedBlockingQueue<>();
    final Queue<ClientProtocolError> protocolErrors = new ConcurrentLinkedQueue<>();
    final Queue<ClientLimit> limits = new ConcurrentLinkedQueue<>();
    final ProxyServer server;

    private final EventLoops loops;

    ProxyUnderTest(RequestRouter router) throws IOException {
        this(router, ProxyOptions.DEFAULT);
    }

    ProxyUnderTest(RequestRouter router, ProxyOptions options) throws IOException {
        this(router, options, new EventLoops("proxy-under-test", 1));
    }

    /** With loops of its own, which it closes. */
    ProxyUnderTest(RequestRouter router, ProxyOptions options, EventLoops loops) throws IOException {
        this.loops = loops;
        server = new ProxyServer(options, loops, router, this);
        server.bind("127.0.0.1", 0);
    }

    private ProxyUnderTest(ProxyOptions options, Ticker ticker, List<Endpoint> engines, List<BodySplice> splices)
            throws IOException {
        loops = new EventLoops("proxy-under-test", 1);
        server = new ProxyServer(
                options, loops, request -> request.loop().newSucceededFuture(forward(engines, splices)), this, ticker);
        server.bind("127.0.0.1", 0);
    }

    static ProxyUnderTest before(int enginePort, Protocol protocol) throws IOException {
        return before(Ticker.system(), new Endpoint("127.0.0.1", enginePort, protocol));
    }

    /** Asks the engines in this order, each after the one before it failed in a way that allows another attempt. */
    static ProxyUnderTest before(Ticker ticker, Endpoint... engines) throws IOException {
        return new ProxyUnderTest(ProxyOptions.DEFAULT, ticker, List.of(engines), List.of());
    }

    /** Asks an HTTP/1.1 engine, and limits its clients. */
    static ProxyUnderTest limiting(ClientLimits limits, int enginePort) throws IOException {
        var engine = new Endpoint("127.0.0.1", enginePort, Protocol.HTTP1);
        var front = new ProxyOptions.Front(
                64 << 20, 1L << 30, 64 << 10, 8 << 10, Duration.ofSeconds(75), 128, false, limits);
        return new ProxyUnderTest(
                new ProxyOptions(front, ProxyOptions.Upstream.DEFAULT), Ticker.system(), List.of(engine), List.of());
    }

    static ProxyUnderTest splicing(Endpoint engine, BodySplice... splices) throws IOException {
        return new ProxyUnderTest(ProxyOptions.DEFAULT, Ticker.system(), List.of(engine), List.of(splices));
    }

    private RouteDecision.Forward forward(List<Endpoint> engines, List<BodySplice> splices) {
        openTickets.incrementAndGet();
        return new RouteDecision.Forward(
                engines.get(0),
                this::ended,
                new EnginesInOrder(this, engines.subList(1, engines.size()), splices),
                splices);
    }

    private void ended(AttemptEnd end) {
        openTickets.decrementAndGet();
        attempts.add(end);
    }

    RawClient client() throws IOException {
        return RawClient.connect(server.port());
    }

    EngineClient engineClient() {
        return server.engineClient();
    }

    ExchangeSummary nextExchange() throws InterruptedException {
        return within(exchanges);
    }

    AttemptEnd nextAttempt() throws InterruptedException {
        return within(attempts);
    }

    /** Waits until a count is what it should be. */
    static void await(AtomicInteger count, int expected) {
        long start = System.nanoTime();
        while (count.get() != expected) {
            if (System.nanoTime() - start > Gate.LIMIT.toNanos()) {
                throw new AssertionError("expected " + expected + ", got " + count.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static <T> T within(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within " + Gate.LIMIT);
        }
        return next;
    }

    @Override
    public void clientConnected(ClientProtocol protocol) {
        clients.incrementAndGet();
    }

    @Override
    public void clientDisconnected(ClientProtocol protocol) {
        clients.decrementAndGet();
    }

    @Override
    public void clientProtocolError(ClientProtocolError kind) {
        protocolErrors.add(kind);
    }

    @Override
    public void clientLimited(ClientLimit limit) {
        limits.add(limit);
    }

    @Override
    public void exchangeEnded(ExchangeSummary summary) {
        exchanges.add(summary);
    }

    @Override
    public void upstreamConnected(Endpoint endpoint, Protocol protocol, long connectNanos) {
        connects.incrementAndGet();
        connections.incrementAndGet();
    }

    @Override
    public void upstreamDisconnected(Endpoint endpoint) {
        connections.decrementAndGet();
    }

    @Override
    public void upstreamIdle(Endpoint endpoint) {
        idle.incrementAndGet();
    }

    @Override
    public void upstreamIdleEnded(Endpoint endpoint) {
        idle.decrementAndGet();
    }

    @Override
    public void close() {
        server.close();
        loops.close();
    }

    /** A plan that names one engine after the other. */
    private record EnginesInOrder(ProxyUnderTest proxy, List<Endpoint> rest, List<BodySplice> splices)
            implements RoutePlan {
        @Override
        public RouteLabels labels() {
            return RouteLabels.NONE;
        }

        @Override
        public RouteTimeouts timeouts() {
            return TIMEOUTS;
        }

        @Override
        public RetryTerms retryTerms() {
            return new RetryTerms(Set.of(429, 502, 503, 504), true);
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(
                    rest.isEmpty() ? new RouteDecision.Reject(cause, RouteLabels.NONE) : proxy.forward(rest, splices));
        }
    }
}
