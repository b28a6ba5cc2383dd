package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.Ticket;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans and tickets that throw where they must not: the client is answered and every ticket ends once. */
final class RouterDefectsTest {

    private enum Throwing {
        LABELS,
        TIMEOUTS,
        TIMEOUTS_AS_ERROR,
        REROUTE
    }

    private final BlockingQueue<AttemptEnd> ended = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @EnumSource
    void aPlanThatThrowsEndsTheRequestWith500AndItsTicketOnce(Throwing throwing) throws Exception {
        int refusing;
        try (FakeEngine gone = FakeEngine.start()) {
            refusing = gone.port();
        }
        try (ProxyUnderTest proxy = forwarding(refusing, ended::add, throwing);
                RawClient client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                client.post("/v1/x", "{}");
                assertThat(client.readResponse().status()).isEqualTo(500);
                assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.INTERNAL);
                AttemptEnd end = ended.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(end).isNotNull();
                assertThat(end.failure())
                        .isEqualTo(throwing == Throwing.REROUTE ? FailureKind.CONNECT_FAILED : FailureKind.INTERNAL);
                assertThat(ended).isEmpty();
            }
        }
    }

    @Test
    void aTicketThatThrowsIsEndedOnceAndItsClientAnswered() throws Exception {
        Ticket throwing = end -> {
            ended.add(end);
            throw new IllegalStateException("expected");
        };
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = forwarding(engine.port(), throwing, null);
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(proxy.nextExchange().failure()).isNull();
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void anAnswerThatIsNoneEndsWith500AndItsBodyIsReleased() throws Exception {
        ByteBuf body = Unpooled.copiedBuffer("own", StandardCharsets.UTF_8);
        try (ProxyUnderTest proxy = new ProxyUnderTest(request -> request.loop()
                        .newSucceededFuture(new RouteDecision.Answer(-1, "text/plain", body, RouteLabels.NONE)));
                RawClient client = proxy.client()) {
            client.post("/v1/x", "{}");
            assertThat(client.readResponse().status()).isEqualTo(500);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.INTERNAL);
            assertThat(body.refCnt()).isZero();
        }
    }

    private static ProxyUnderTest forwarding(int port, Ticket ticket, @Nullable Throwing throwing) throws Exception {
        var endpoint = new Endpoint("127.0.0.1", port, Protocol.HTTP1);
        var plan = new ThrowingPlan(throwing);
        return new ProxyUnderTest(request ->
                request.loop().newSucceededFuture(new RouteDecision.Forward(endpoint, ticket, plan, List.of())));
    }

    private record ThrowingPlan(@Nullable Throwing throwing) implements RoutePlan {

        @Override
        public RouteLabels labels() {
            maybe(Throwing.LABELS);
            return RouteLabels.NONE;
        }

        @Override
        public RouteTimeouts timeouts() {
            maybe(Throwing.TIMEOUTS);
            if (throwing == Throwing.TIMEOUTS_AS_ERROR) {
                throw new AssertionError("expected");
            }
            return ProxyUnderTest.TIMEOUTS;
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            throw new IllegalStateException("expected");
        }

        private void maybe(Throwing now) {
            if (throwing == now) {
                throw new IllegalStateException("expected");
            }
        }
    }
}
