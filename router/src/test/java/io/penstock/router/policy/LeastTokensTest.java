package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.EngineTicket;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class LeastTokensTest extends SelectorContract {

    @Override
    RoutingPolicy policy() {
        return new LeastTokens(64);
    }

    @Override
    RoutingPolicy policyNearOverflow() {
        return new LeastTokens(64, Integer.MAX_VALUE - 10);
    }

    private static PickRequest prompt(int tokens) {
        return new PickRequest(null, List.of(), tokens, false);
    }

    @Test
    void aLongPromptKeepsOthersAwayUntilItsFirstByte() {
        List<Engine> engines = Fleets.engines(2);
        EngineSelector selector = policy().selector(engines);
        EngineTicket heavy = pick(selector, prompt(100_000));
        for (int i = 0; i < 10; i++) {
            assertThat(pick(selector, prompt(100)).engine()).isNotEqualTo(heavy.engine());
        }

        heavy.answering(200);

        assertThat(heavy.engine().promptTokens()).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(pick(selector, prompt(100)).engine()).isEqualTo(heavy.engine());
        }
    }

    @Test
    void aPromptWithoutAnAnswerIsReleasedAtTheEnd() {
        List<Engine> engines = Fleets.engines(1);
        EngineSelector selector = policy().selector(engines);
        EngineTicket failed = pick(selector, prompt(1000));
        EngineTicket answered = pick(selector, prompt(500));
        assertThat(engines.get(0).promptTokens()).isEqualTo(1500);

        failed.end(Fleets.WELL);
        answered.answering(200);
        answered.end(Fleets.WELL);

        assertThat(engines.get(0).promptTokens()).isZero();
        assertThat(engines.get(0).inFlight()).isZero();
    }

    @Test
    void runningRequestsWeighAsConfigured() {
        List<Engine> engines = Fleets.engines(2);
        EngineSelector selector = new LeastTokens(10).selector(engines);
        EngineTicket first = pick(selector, prompt(25));
        Engine other = pick(selector, prompt(0)).engine();

        assertThat(other).isNotEqualTo(first.engine());
        assertThat(pick(selector, prompt(0)).engine()).as("10 against 35").isEqualTo(other);
        assertThat(pick(selector, prompt(0)).engine()).as("20 against 35").isEqualTo(other);
        assertThat(pick(selector, prompt(10)).engine()).as("30 against 35").isEqualTo(other);
        assertThat(pick(selector, prompt(0)).engine()).as("50 against 35").isEqualTo(first.engine());
    }

    @Test
    void absurdPromptsDoNotOverflow() {
        List<Engine> engines = Fleets.engines(1);
        EngineSelector selector = policy().selector(engines);
        List<EngineTicket> open = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            open.add(pick(selector, prompt(i % 2 == 0 ? Integer.MAX_VALUE : Integer.MIN_VALUE)));
        }
        assertThat(engines.get(0).inFlight()).isEqualTo(1000);
        open.forEach(ticket -> ticket.end(Fleets.WELL));

        assertThat(engines.get(0).inFlight()).isZero();
        assertThat(engines.get(0).promptTokens()).isZero();
    }

    @Test
    void aBurstFromManyThreadsSpreadsExactly() throws Exception {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        int picks = 64;
        ExecutorService threads = Executors.newFixedThreadPool(picks);
        CyclicBarrier start = new CyclicBarrier(picks);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < picks; i++) {
            done.add(threads.submit(() -> {
                start.await();
                return pick(selector, prompt(1000));
            }));
        }
        for (Future<?> one : done) {
            one.get(20, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(engines).extracting(Engine::promptTokens).containsOnly(16_000L);
    }
}
