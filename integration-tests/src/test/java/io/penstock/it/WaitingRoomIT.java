package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Turn;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.TimeModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests beyond a pool's limits wait, in order, or are refused at once. */
final class WaitingRoomIT {

    private static final String PATH = "/v1/completions";
    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final BlockingQueue<Gate> running = new LinkedBlockingQueue<>();

    @AfterEach
    void nobodyIsHeldUp() {
        running.forEach(Gate::open);
    }

    /** An engine that works on each request until the test lets it finish. */
    private FakeEngine working() {
        return router.engine().answering(this::work);
    }

    private void work(Turn turn) throws IOException {
        turn.request();
        Gate gate = new Gate();
        running.add(gate);
        turn.await(gate).respond(200, "content-length: 2").data("ok").end();
    }

    private RouterUnderTest start(String limits, int loops, FakeEngine... engines) {
        RouterUnderTest under =
                router.start(new RouterSetup().engines(engines).loops(loops).pool("limits", limits));
        return under;
    }

    private RawClient ask(RouterUnderTest under, String... headers) throws IOException {
        return router.client(under).post(PATH, BODY, headers);
    }

    private List<RawClient> ask(RouterUnderTest under, int clients) throws IOException {
        List<RawClient> asking = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            asking.add(ask(under));
            int arrived = i + 1;
            await().until(() -> under.metric("penstock_requests_in_flight", "") == arrived);
        }
        return asking;
    }

    private void finishOne() throws InterruptedException {
        running.take().open();
    }

    private static void awaitWaiting(RouterUnderTest under, int waiting) {
        await().until(() -> under.metric("penstock_waiting_requests", "pool=\"chat\"") == waiting);
    }

    private static void assertServed(RawClient client) throws IOException {
        assertThat(client.readResponse().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void fourAtATimeAndTheRestInTheOrderTheyCame(int loops) throws Exception {
        FakeEngine one = working();
        FakeEngine two = working();
        RouterUnderTest under = start("{ engineRequests: 2, waiting: 6 }", loops, one, two);
        List<RawClient> clients = ask(under, 10);
        awaitWaiting(under, 6);
        assertThat(under.inFlight()).isEqualTo(4);
        assertThat(one.journal().heads()).hasSize(2);
        assertThat(two.journal().heads()).hasSize(2);

        RawResponse refused = ask(under).readResponse();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.head().value("retry-after")).isEqualTo("2");
        OpenAiErrors.assertFailure(refused, FailureKind.OVERLOADED);

        for (int next = 4; next < 10; next++) {
            finishOne();
            awaitWaiting(under, 9 - next);
            assertThat(under.inFlight()).isEqualTo(4);
        }
        while (under.inFlight() > 0) {
            Gate gate = running.poll();
            if (gate != null) {
                gate.open();
            }
        }
        for (RawClient client : clients) {
            assertServed(client);
        }
        assertThat(under.metric("penstock_wait_seconds_count", "end=\"admitted\""))
                .isEqualTo(6);
        assertThat(under.metric("penstock_limit_refusals_total", "reason=\"room_full\""))
                .isOne();
    }

    @Test
    void aPlaceGoesToWhoWaitsLongest() throws Exception {
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 3 }", 1, working());
        List<RawClient> clients = ask(under, 4);
        awaitWaiting(under, 3);
        for (RawClient client : clients) {
            finishOne();
            assertServed(client);
        }
    }

    @Test
    void thePoolsLimitHoldsOverItsEngines() throws Exception {
        RouterUnderTest under = start("{ poolRequests: 3, waiting: 5 }", 2, working(), working());
        List<RawClient> clients = ask(under, 5);
        awaitWaiting(under, 2);
        assertThat(under.inFlight()).isEqualTo(3);
        for (int i = 0; i < 5; i++) {
            finishOne();
        }
        for (RawClient client : clients) {
            assertServed(client);
        }
    }

    @Test
    void aClientThatLeavesMakesRoomForAnother() throws Exception {
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 1 }", 1, working());
        List<RawClient> clients = ask(under, 2);
        awaitWaiting(under, 1);
        clients.get(1).abort();
        awaitWaiting(under, 0);
        RawClient next = ask(under);
        awaitWaiting(under, 1);
        finishOne();
        assertServed(clients.get(0));
        finishOne();
        assertServed(next);
        assertThat(under.metric("penstock_wait_seconds_count", "end=\"client_gone\""))
                .isOne();
    }

    @Test
    void waitingEndsWithTheClientsTimeAndWithThePools() throws Exception {
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 5, maxWait: 2s }", 1, working());
        List<RawClient> clients = ask(under, 1);
        RawResponse hurried = ask(under, "x-penstock-timeout: 500ms").readResponse();
        RawResponse patient = ask(under, "x-penstock-timeout: 60").readResponse();
        OpenAiErrors.assertFailure(hurried, FailureKind.OVERLOADED);
        OpenAiErrors.assertFailure(patient, FailureKind.OVERLOADED);
        assertThat(hurried.text()).contains("x-penstock-timeout");
        assertThat(patient.text()).contains("2s");
        assertThat(under.metric("penstock_limit_refusals_total", "reason=\"client_timeout\""))
                .isOne();
        assertThat(under.metric("penstock_limit_refusals_total", "reason=\"max_wait\""))
                .isOne();
        finishOne();
        assertServed(clients.get(0));
    }

    @Test
    void aHigherPriorityGoesFirst() throws Exception {
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 5 }", 1, working());
        List<RawClient> first = ask(under, 1);
        RawClient low = ask(under, "x-penstock-priority: low");
        awaitWaiting(under, 1);
        RawClient normal = ask(under);
        awaitWaiting(under, 2);
        finishOne();
        assertServed(first.get(0));
        finishOne();
        assertServed(normal);
        finishOne();
        assertServed(low);
    }

    @Test
    void whenAnEngineDiesThoseWhoWaitGoToTheOthers() throws Exception {
        FakeEngine dying = working();
        FakeEngine other = working();
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 5 }", 2, dying, other);
        List<RawClient> clients = ask(under, 4);
        awaitWaiting(under, 2);
        dying.close();
        int served = 0;
        for (int i = 0; i < 3; i++) {
            await().until(() -> running.stream().anyMatch(gate -> !gate.isOpen()) || under.inFlight() == 0);
            running.forEach(Gate::open);
        }
        for (RawClient client : clients) {
            await().until(() -> {
                running.forEach(Gate::open);
                return !client.staysSilentFor(20);
            });
            int status = client.readResponse().status();
            assertThat(status).isIn(200, 502);
            served += status == 200 ? 1 : 0;
        }
        assertThat(served).as("all but the one the engine died with").isGreaterThanOrEqualTo(3);
    }

    @Test
    void whenTheLastEngineGoesThoseWhoWaitAreToldAtOnce() throws Exception {
        FakeEngine only = working();
        RouterUnderTest under = start("{ engineRequests: 1, waiting: 5, maxWait: 1h }", 1, only);
        List<RawClient> clients = ask(under, 3);
        awaitWaiting(under, 2);
        under.adminPost("/fleet/drain?engine=" + only.name());
        OpenAiErrors.assertFailure(clients.get(1).readResponse(), FailureKind.NO_ENGINE);
        OpenAiErrors.assertFailure(clients.get(2).readResponse(), FailureKind.NO_ENGINE);
        finishOne();
        assertServed(clients.get(0));
    }

    @Test
    void simulatedEnginesNeverHoldMoreThanTheirLimit() throws Exception {
        var options = SimulatedEngineOptions.builder()
                .seed(42)
                .time(TimeModel.of(Duration.ofMillis(5), Duration.ofMillis(1)).withSlots(1000))
                .build();
        try (SimulatedEngine one = SimulatedEngine.start(options);
                SimulatedEngine two = SimulatedEngine.start(options)) {
            RouterUnderTest under = router.start(new RouterSetup()
                    .engine(one.url(), "http1")
                    .engine(two.url(), "h2c")
                    .loops(3)
                    .pool("policy", "{ type: session }")
                    .pool("limits", "{ engineRequests: 3, waiting: 100 }"));
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                clients.add(router.client(under)
                        .post(
                                PATH,
                                "{\"prompt\":\"hi\",\"max_tokens\":10,\"stream\":true}",
                                "x-session-id: s" + i % 3));
            }
            int most = 0;
            while (under.metric("penstock_requests_in_flight", "") > 0) {
                most = Math.max(most, under.inFlight());
            }
            assertThat(most).isBetween(1, 6);
            for (RawClient client : clients) {
                RawResponse response = client.readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).endsWith("data: [DONE]\n\n");
            }
        }
    }
}
