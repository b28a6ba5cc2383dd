package io.penstock.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.BodySplice;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineLeg;
import io.penstock.proxy.api.HeaderEdits;
import io.penstock.proxy.api.LegAnswer;
import io.penstock.proxy.api.RequestEdits;
import io.penstock.proxy.api.RequestRouter;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Turn;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What a router has done by another engine before or beside the one that answers. */
final class EngineLegsTest {

    private final LinkedBlockingQueue<AttemptEnd> legsEnded = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Future<LegAnswer>> legs = new ConcurrentLinkedQueue<>();
    private Duration patience = Gate.LIMIT;
    private Duration heartbeat = Duration.ZERO;
    private int kept = 1 << 20;

    private record Plan(Duration heartbeat, Runnable atItsEnd) implements RoutePlan {

        Plan(Duration heartbeat) {
            this(heartbeat, () -> {});
        }

        @Override
        public void over() {
            atItsEnd.run();
        }

        @Override
        public RouteLabels labels() {
            return new RouteLabels("r", "p", "m");
        }

        @Override
        public RouteTimeouts timeouts() {
            return ProxyUnderTest.TIMEOUTS;
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            throw new IllegalStateException("nobody asks");
        }
    }

    private static Endpoint at(FakeEngine engine) {
        return new Endpoint("127.0.0.1", engine.port(), Endpoint.Protocol.HTTP1);
    }

    /** A router that sends a leg and decides by its end. */
    private RequestRouter after(FakeEngine engine, Function<Future<LegAnswer>, RouteDecision> decide) {
        return request -> {
            Promise<RouteDecision> decision = request.loop().newPromise();
            Future<LegAnswer> leg = send(request, engine);
            decision.addListener(done -> {
                if (decision.isCancelled()) {
                    leg.cancel(false);
                }
            });
            leg.addListener(done -> {
                if (!leg.isCancelled()) {
                    decision.setSuccess(decide.apply(leg));
                }
            });
            return decision;
        };
    }

    private Future<LegAnswer> send(RoutingRequest request, FakeEngine engine) {
        return send(request, engine, new Plan(heartbeat));
    }

    private Future<LegAnswer> send(RoutingRequest request, FakeEngine engine, RoutePlan plan) {
        var splice = new BodySplice(1, 1, "\"leg\":1,".getBytes(UTF_8));
        HeaderEdits id = headers -> headers.set("x-request-id", "leg-id");
        var limits = new EngineLeg.Limits(Gate.LIMIT, patience, kept);
        var edits = new RequestEdits(List.of(splice), id);
        Future<LegAnswer> leg =
                request.legs().send(new EngineLeg(plan, "test", at(engine), legsEnded::add, edits, limits));
        legs.add(leg);
        return leg;
    }

    private RouteDecision answer(Future<LegAnswer> leg) {
        String text = leg.isSuccess()
                ? leg.getNow().status() + " " + leg.getNow().whole() + " "
                        + new String(leg.getNow().body(), UTF_8)
                : String.valueOf(leg.cause().getMessage());
        return new RouteDecision.Answer(200, "text/plain", Unpooled.copiedBuffer(text, UTF_8), RouteLabels.NONE);
    }

    private static void readAndWait(Turn turn) {
        turn.request();
        turn.awaitPeerLeft();
    }

    private AttemptEnd legEnd() throws InterruptedException {
        AttemptEnd end = legsEnded.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(end).as("the leg's ticket is ended").isNotNull();
        assertThat(legsEnded).isEmpty();
        return Objects.requireNonNull(end);
    }

    @Test
    void aLegHasTheClientsRequestWithEditsAndItsAnswerIsTheRouters() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(after(engine, this::answer));
                RawClient client = proxy.client()) {
            engine.next(turn -> {
                assertThat(turn.request().text()).isEqualTo("{\"leg\":1,\"a\":2}");
                assertThat(turn.head().value("x-request-id")).isEqualTo("leg-id");
                assertThat(turn.head().value("x-mine")).isEqualTo("yes");
                turn.respond(201, "content-type: text/plain").data("made").end();
            });
            RawResponse response =
                    client.post("/v1/x", "{\"a\":2}", "x-mine: yes").readResponse();
            assertThat(response.text()).isEqualTo("201 true made");
            assertThat(legEnd().status()).isEqualTo(201);
            assertThat(proxy.nextExchange().attempts()).isZero();
        }
    }

    @Test
    void whatIsBeyondTheLimitIsReadAndDropped() throws Exception {
        kept = 3;
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(after(engine, this::answer));
                RawClient client = proxy.client()) {
            engine.next(turn -> {
                turn.request();
                turn.respond(200).data("ab").data("cdef").end();
            });
            assertThat(client.post("/v1/x", "{}").readResponse().text()).isEqualTo("200 false ab");
            ProxyUnderTest.await(proxy.idle, 1);
        }
    }

    @Test
    void aLegThatTakesTooLongIsCancelled() throws Exception {
        patience = Duration.ofMillis(30);
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(after(engine, this::answer));
                RawClient client = proxy.client()) {
            engine.next(EngineLegsTest::readAndWait);
            assertThat(client.post("/v1/x", "{}").readResponse().text()).contains("not complete within 30 ms");
            assertThat(legEnd().failure()).isEqualTo(FailureKind.FIRST_TOKEN_TIMEOUT);
            engine.journal().awaitAborts(1);
        }
    }

    @Test
    void aClientThatLeavesEndsTheLeg() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(after(engine, this::answer))) {
            engine.next(EngineLegsTest::readAndWait);
            try (RawClient client = proxy.client()) {
                client.post("/v1/x", "{}");
                engine.journal().awaitRequests(1);
            }
            assertThat(legEnd().failure()).isEqualTo(FailureKind.CLIENT_GONE);
            engine.journal().awaitAborts(1);
            assertThat(proxy.nextExchange().labels().route()).isEqualTo("r");
        }
    }

    @Test
    void aStreamIsKeptAliveWhileALegRunsAndAnAnswerBecomesItsLastEvent() throws Exception {
        heartbeat = Duration.ofMillis(10);
        Gate gate = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(after(engine, this::answer));
                RawClient client = proxy.client()) {
            engine.next(turn -> {
                turn.request();
                turn.await(gate);
                turn.respond(400).data("no").end();
            });
            client.post("/v1/x", "{}", "connection: close");
            assertThat(client.readHead().value("content-type")).startsWith("text/event-stream");
            assertThat(client.readChunk()).asString(UTF_8).isEqualTo(": waiting\n\n");
            gate.open();
            assertThat(new String(client.readToEnd(), UTF_8)).contains("data: 400 true no\n\n");
        }
    }

    @Test
    void aSiblingThatFailsEndsTheAttempt() throws Exception {
        try (FakeEngine engine = FakeEngine.start();
                FakeEngine other = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(request -> beside(request, engine, other));
                RawClient client = proxy.client()) {
            engine.next(EngineLegsTest::readAndWait);
            other.next(turn -> {
                turn.request();
                engine.journal().awaitRequests(1);
                turn.reset();
            });
            RawResponse response = client.post("/v1/x", "{}").readResponse();
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.head().value(HttpHeaderNames.CONTENT_TYPE.toString()))
                    .startsWith("application/json");
            engine.journal().awaitAborts(1);
            assertThat(legEnd().failure()).isEqualTo(FailureKind.ENGINE_RESET);
            assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.ENGINE_RESET);
        }
    }

    private Future<RouteDecision> beside(RoutingRequest request, FakeEngine engine, FakeEngine other) {
        Future<LegAnswer> leg = send(request, other);
        return request.loop()
                .newSucceededFuture(new RouteDecision.Forward(
                        at(engine), end -> {}, new Plan(Duration.ZERO), RequestEdits.NONE, leg));
    }

    @Test
    void aPlanHearsThatItsRequestIsOverAndMaySendALastLeg() throws Exception {
        var last = new LinkedBlockingQueue<Future<LegAnswer>>();
        try (FakeEngine engine = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(request -> {
                    var plan = new Plan(Duration.ZERO, () -> last.add(send(request, engine)));
                    Future<LegAnswer> leg = send(request, engine, plan);
                    Promise<RouteDecision> decision = request.loop().newPromise();
                    leg.addListener(done -> decision.setSuccess(answer(leg)));
                    return decision;
                });
                RawClient client = proxy.client()) {
            assertThat(client.post("/v1/x", "{\"whole\":1}").readResponse().status())
                    .isEqualTo(200);
            engine.journal().awaitRequests(2);
            assertThat(engine.journal().requests())
                    .allSatisfy(request -> assertThat(request.text()).contains("whole"));
            Future<LegAnswer> leg = Objects.requireNonNull(last.poll(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertThat(leg.await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(last).isEmpty();
            assertThat(proxy.nextExchange().failure()).isNull();
        }
    }

    @Test
    void aLegOutlivesItsExchangeUnlessSomebodyEndsIt() throws Exception {
        Gate gate = new Gate();
        try (FakeEngine engine = FakeEngine.start();
                FakeEngine other = FakeEngine.start();
                ProxyUnderTest proxy = new ProxyUnderTest(request -> beside(request, engine, other));
                RawClient client = proxy.client()) {
            other.next(turn -> {
                turn.request();
                turn.await(gate);
                turn.respond(200).data("late").end();
            });
            assertThat(client.post("/v1/x", "{}").readResponse().status()).isEqualTo(200);
            assertThat(proxy.nextExchange().failure()).isNull();
            assertThat(legsEnded).isEmpty();
            gate.open();
            assertThat(legEnd().failure()).isNull();
            assertThat(legs.element().await(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}
