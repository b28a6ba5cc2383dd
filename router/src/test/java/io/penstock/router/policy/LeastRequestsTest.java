package io.penstock.router.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.EngineSelector;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.PickRequest;
import io.penstock.router.fleet.RoutingPolicy;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class LeastRequestsTest extends SelectorContract {

    @Override
    RoutingPolicy policy() {
        return new LeastRequests();
    }

    @Override
    RoutingPolicy policyNearOverflow() {
        return new LeastRequests(Integer.MAX_VALUE - 10);
    }

    @Test
    void theLeastLoadedIsPicked() {
        List<Engine> engines = Fleets.engines(3);
        Fleets.admit(engines.get(0));
        Fleets.admit(engines.get(2));
        EngineSelector selector = policy().selector(engines);

        assertThat(pick(selector, ANY).engine()).isEqualTo(engines.get(1));
    }

    @Test
    void idleEnginesTakeTurns() {
        List<Engine> engines = Fleets.engines(4);
        EngineSelector selector = policy().selector(engines);
        for (int i = 0; i < 12; i++) {
            var ticket = pick(selector, ANY);
            assertThat(ticket.engine()).isEqualTo(engines.get(i % 4));
            ticket.end(Fleets.WELL);
        }
    }

    @Test
    void aPickThatLostTheRaceLooksAgain() {
        List<Engine> engines = Fleets.engines(2);
        EngineSelector selector = policy().selector(engines);
        AtomicBoolean raced = new AtomicBoolean();
        // asked between the look at an engine's load and the count: the moment at which another pick takes it
        List<Engine> none = new AbstractList<>() {
            @Override
            public boolean contains(Object engine) {
                if (raced.compareAndSet(false, true)) {
                    Fleets.admit((Engine) engine);
                }
                return false;
            }

            @Override
            public Engine get(int index) {
                throw new IndexOutOfBoundsException(index);
            }

            @Override
            public int size() {
                return 1;
            }
        };

        pick(selector, new PickRequest(null, none, false));

        assertThat(engines).extracting(Engine::inFlight).containsExactly(1, 1);
    }

    @Test
    void aBurstFromManyThreadsSpreadsExactly() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Engine> engines = Fleets.engines(4);
            burst(policy().selector(engines), 256);
            assertThat(engines).extracting(Engine::inFlight).containsOnly(64);
        }
    }

    /** All picks at once, each on a thread of its own. */
    private static void burst(EngineSelector selector, int picks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(picks);
        CyclicBarrier start = new CyclicBarrier(picks);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < picks; i++) {
            done.add(threads.submit(() -> {
                start.await();
                return pick(selector, ANY);
            }));
        }
        for (Future<?> one : done) {
            one.get(20, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }
}
