package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The proxy as a library, under a router of somebody else's making: late, wrong, or gone. */
final class EmbeddedProxyIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final BlockingQueue<ExchangeSummary> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<AttemptEnd> tickets = new LinkedBlockingQueue<>();

    @Test
    void aRouterThatFailsIsAnsweredWith500() throws Exception {
        with(request -> request.loop().newFailedFuture(new IllegalStateException("a defect")), client -> {
            OpenAiErrors.assertFailure(client.post("/v1/x", BODY).readResponse(), FailureKind.INTERNAL);
            assertThat(nextEnded().failure()).isEqualTo(FailureKind.INTERNAL);
        });
    }

    @Test
    void aRouterMayAnswerItself() throws Exception {
        with(
                request -> request.loop()
                        .newSucceededFuture(new RouteDecision.Answer(
                                201,
                                "text/plain",
                                Unpooled.copiedBuffer("own", StandardCharsets.UTF_8),
                                RouteLabels.NONE)),
                client -> {
                    RawResponse response = client.post("/v1/x", BODY).readResponse();
                    assertThat(response.status()).isEqualTo(201);
                    assertThat(response.text()).isEqualTo("own");
                    assertThat(nextEnded().failure()).isNull();
                });
    }

    @Test
    void aRouterMayDecideLater() throws Exception {
        FakeEngine engine = router.engine();
        with(
                request -> {
                    Promise<RouteDecision> decision = request.loop().newPromise();
                    request.loop().schedule(() -> decision.setSuccess(to(engine, request)), 50, TimeUnit.MILLISECONDS);
                    return decision;
                },
                client -> {
                    assertThat(client.post("/v1/x", BODY).readResponse().status())
                            .isEqualTo(200);
                    assertThat(nextTicket().failure()).isNull();
                });
    }

    @Test
    void aDecisionThatComesAfterTheClientLeftOpensNothing() throws Exception {
        FakeEngine engine = router.engine();
        Gate asked = new Gate();
        BlockingQueue<Runnable> decide = new LinkedBlockingQueue<>();
        with(
                request -> {
                    Promise<RouteDecision> decision = request.loop().newPromise();
                    boolean kept = decision.setUncancellable();
                    decide.add(() -> decision.setSuccess(to(engine, request)));
                    asked.open();
                    assertThat(kept).isTrue();
                    return decision;
                },
                client -> {
                    client.post("/v1/x", BODY);
                    asked.await();
                    client.abort();
                    assertThat(nextEnded().failure()).isEqualTo(FailureKind.CLIENT_GONE);
                    decide.take().run();
                    assertThat(nextTicket().failure()).isEqualTo(FailureKind.CLIENT_GONE);
                    assertThat(engine.journal().heads()).isEmpty();
                });
    }

    /** What a test does with its client. */
    private interface Use {
        void by(RawClient client) throws Exception;
    }

    private void with(RequestRouter decisions, Use use) throws Exception {
        ProxyObserver observer = new ProxyObserver() {
            @Override
            public void exchangeEnded(ExchangeSummary summary) {
                ended.add(summary);
            }
        };
        try (EventLoops loops = new EventLoops("embedded", 1);
                ProxyServer proxy = new ProxyServer(ProxyOptions.DEFAULT, loops, decisions, observer)) {
            proxy.bind("127.0.0.1", 0);
            use.by(router.closing(RawClient.connect(proxy.port())));
        }
    }

    private RouteDecision to(FakeEngine engine, RoutingRequest request) {
        RoutePlan plan = new RoutePlan() {
            @Override
            public RouteLabels labels() {
                return RouteLabels.NONE;
            }

            @Override
            public RouteTimeouts timeouts() {
                return new RouteTimeouts(Gate.LIMIT, Gate.LIMIT, Gate.LIMIT);
            }

            @Override
            public Future<RouteDecision> reroute(ProxyFailure cause) {
                return request.loop().newSucceededFuture(new RouteDecision.Reject(cause, labels()));
            }
        };
        Endpoint endpoint = new Endpoint("127.0.0.1", engine.port(), Endpoint.Protocol.HTTP1);
        return new RouteDecision.Forward(endpoint, tickets::add, plan, List.of());
    }

    private ExchangeSummary nextEnded() throws InterruptedException, IOException {
        return within(ended);
    }

    private AttemptEnd nextTicket() throws InterruptedException, IOException {
        return within(tickets);
    }

    private static <T> T within(BlockingQueue<T> queue) throws InterruptedException, IOException {
        T next = queue.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException("nothing was reported");
        }
        return next;
    }
}
