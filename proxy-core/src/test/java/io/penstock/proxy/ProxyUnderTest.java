package io.penstock.proxy;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy of one loop whose router sends everything to one engine, or does what a test says. It counts what the observer is
 * told, so that tests can see the books balance. Threading: any thread.
 */
final class ProxyUnderTest implements AutoCloseable, ProxyObserver {

    static final RouteTimeouts TIMEOUTS =
            new RouteTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5));

    final AtomicInteger openTickets = new AtomicInteger();
    final AtomicInteger connects = new AtomicInteger();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger idle = new AtomicInteger();
    final BlockingQueue<ExchangeSummary> exchanges = new LinkedBlockingQueue<>();
    final ProxyServer server;

    private final EventLoops loops = new EventLoops("proxy-under-test", 1);

    ProxyUnderTest(RequestRouter router) throws IOException {
        server = new ProxyServer(ProxyOptions.DEFAULT, loops, router, this);
        server.bind("127.0.0.1", 0);
    }

    private ProxyUnderTest(Endpoint engine) throws IOException {
        server = new ProxyServer(
                ProxyOptions.DEFAULT,
                loops,
                request -> request.loop().newSucceededFuture(forward(engine, TIMEOUTS)),
                this);
        server.bind("127.0.0.1", 0);
    }

    static ProxyUnderTest before(int enginePort, Protocol protocol) throws IOException {
        return new ProxyUnderTest(new Endpoint("127.0.0.1", enginePort, protocol));
    }

    RouteDecision.Forward forward(Endpoint engine, RouteTimeouts timeouts) {
        openTickets.incrementAndGet();
        return new RouteDecision.Forward(
                engine, end -> openTickets.decrementAndGet(), new OneEngine(timeouts), List.of());
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
        T next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within 10 s");
        }
        return next;
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

    /** A plan with no other engine. */
    private record OneEngine(RouteTimeouts timeouts) implements RoutePlan {
        @Override
        public RouteLabels labels() {
            return RouteLabels.NONE;
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(
                    new RouteDecision.Reject(cause, RouteLabels.NONE));
        }
    }
}
