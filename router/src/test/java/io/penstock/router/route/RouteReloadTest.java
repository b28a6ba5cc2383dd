package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.access.AccessControl;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.policy.Policies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests before, after and across a change of the configuration. */
final class RouteReloadTest {

    private final ManualControl control = new ManualControl();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> waits = new ArrayList<>();
    private final WaitObserver observer = new WaitObserver() {
        @Override
        public void waited(String pool, WaitEnd end, long nanos) {
            waits.add(pool + " " + end.label());
        }

        @Override
        public void roomFull(String pool) {
            waits.add(pool + " full");
        }
    };

    private static PoolConfig limited(String pool, int engines) {
        return Fleets.limited(Fleets.pool(pool, engines, "m"), new LimitsConfig(1, 0, 2, Duration.ofSeconds(10)));
    }

    private Fleet fleet(List<PoolConfig> pools, RouteConfig... routes) {
        return new Fleet(Fleets.config(pools, routes), policy -> Policies.of(policy, control.ticker()), control);
    }

    private FleetRouter router(Fleet fleet) {
        return new FleetRouter(fleet.snapshot().config(), fleet, BodyScans.NONE, observer, AccessControl::forEverybody);
    }

    private Future<RouteDecision> ask(FleetRouter router) {
        RoutingRequest chat = Requests.chat("m");
        return router.route(new RoutingRequest(chat.head(), chat.body(), channel.eventLoop()));
    }

    private static String engine(Future<RouteDecision> decision) {
        RouteDecision made = Requests.decision(decision);
        assertThat(made).isInstanceOf(RouteDecision.Forward.class);
        return ((RouteDecision.Forward) made).endpoint().authority();
    }

    private static void end(Future<RouteDecision> decision) {
        ((RouteDecision.Forward) decision.getNow()).ticket().end(Fleets.WELL);
    }

    @Test
    void newRequestsGoByTheNewRoutes() {
        Fleet fleet = fleet(List.of(Fleets.pool("a", 1, "m"), Fleets.pool("b", 1, "m")), Routes.route("*", "*", "a"));
        FleetRouter router = router(fleet);
        Future<RouteDecision> before = ask(router);
        fleet.apply(Fleets.config(List.of(Fleets.pool("b", 1, "m")), Routes.route("*", "*", "b")), () -> {});
        Future<RouteDecision> after = ask(router);

        assertThat(engine(before)).isEqualTo("a-1:8000");
        assertThat(engine(after)).isEqualTo("b-1:8000");
        assertThat(router.routes()).containsEntry("route-1", List.of("b"));
        end(before);
        end(after);
    }

    @Test
    void whoWaitsInARemovedPoolIsRoutedAnew() {
        Fleet fleet = fleet(List.of(limited("a", 1)), Routes.route("*", "*", "a"));
        FleetRouter router = router(fleet);
        Future<RouteDecision> running = ask(router);
        Future<RouteDecision> waiting = ask(router);
        assertThat(waiting.isDone()).isFalse();
        fleet.apply(Fleets.config(List.of(limited("b", 1)), Routes.route("*", "*", "b")), () -> {});
        channel.runPendingTasks();

        assertThat(engine(waiting)).isEqualTo("b-1:8000");
        assertThat(waits).containsExactly("a pool_removed");
        end(running);
        end(waiting);
    }

    @Test
    void whoWaitsInARemovedPoolIsToldIfNothingTakesTheRequestAnyMore() {
        Fleet fleet = fleet(List.of(limited("a", 1), Fleets.pool("b", 1, "x")));
        FleetRouter router = router(fleet);
        Future<RouteDecision> running = ask(router);
        Future<RouteDecision> waiting = ask(router);
        fleet.apply(Fleets.config(List.of(Fleets.pool("b", 1, "x"))), () -> {});
        channel.runPendingTasks();

        assertThat(((RouteDecision.Reject) Requests.decision(waiting)).failure().kind())
                .isEqualTo(FailureKind.MODEL_NOT_FOUND);
        end(running);
    }

    @Test
    void aClientThatLeavesWhileItWaitsAnewIsNotGivenATicket() {
        Fleet fleet = fleet(List.of(limited("a", 1)), Routes.route("*", "*", "a"));
        FleetRouter router = router(fleet);
        Future<RouteDecision> running = ask(router);
        Future<RouteDecision> waiting = ask(router);
        fleet.apply(Fleets.config(List.of(limited("b", 1)), Routes.route("*", "*", "b")), () -> {});
        Future<RouteDecision> taking = ask(router);
        channel.runPendingTasks();
        assertThat(waiting.isDone()).isFalse();
        waiting.cancel(false);
        channel.runPendingTasks();
        end(taking);
        end(running);
        channel.runPendingTasks();

        assertThat(waits).containsExactly("a pool_removed", "b client_gone");
        assertThat(fleet.engines())
                .allSatisfy(view -> assertThat(view.inFlight()).isZero());
        assertThat(fleet.pools()).allSatisfy(view -> assertThat(view.waiting()).isZero());
    }

    @Test
    void whoWaitsInAPoolWhoseEnginesAreAllReplacedIsGivenANewOne() {
        Fleet fleet = fleet(List.of(limited("a", 1)));
        FleetRouter router = router(fleet);
        Future<RouteDecision> running = ask(router);
        Future<RouteDecision> waiting = ask(router);
        PoolConfig others = limited("other", 1);
        var replaced = new PoolConfig(
                "a",
                others.engines(),
                others.models(),
                others.protocol(),
                others.key(),
                others.policy(),
                others.health(),
                others.limits(),
                others.tls(),
                others.tokenizer());
        fleet.apply(Fleets.config(List.of(replaced)), () -> {});
        channel.runPendingTasks();

        assertThat(engine(waiting)).isEqualTo("other-1:8000");
        end(running);
        end(waiting);
    }

    @Test
    void sessionsKeepTheirHomesAndAreCountedOnce() {
        Fleet fleet = fleet(List.of(sessions(4, 1.25)));
        FleetRouter router = router(fleet);
        Map<String, String> before = homes(router);
        fleet.apply(Fleets.config(List.of(sessions(4, 1.25), Fleets.pool("b", 2, "x"))), () -> {});
        assertThat(homes(router)).isEqualTo(before);
        fleet.apply(Fleets.config(List.of(sessions(4, 2))), () -> {});
        assertThat(homes(router)).as("even under another bound").isEqualTo(before);
        assertThat(fleet.engines().stream()
                        .mapToLong(view -> view.sessionsHomed())
                        .sum())
                .isEqualTo(before.size());
        fleet.apply(Fleets.config(List.of(sessions(5, 2))), () -> {});
        Map<String, String> after = homes(router);
        assertThat(after.entrySet())
                .allSatisfy(home -> assertThat(home.getValue()).isIn(before.get(home.getKey()), "p-5:8000"));
    }

    private static PoolConfig sessions(int engines, double bound) {
        PoolConfig plain = Fleets.pool("p", engines, "m");
        var policy = new PolicyConfig(PolicyConfig.Type.SESSION, bound, 8, PolicyConfig.Type.LEAST_REQUESTS, 1000, 64);
        return new PoolConfig(
                "p",
                plain.engines(),
                plain.models(),
                plain.protocol(),
                plain.key(),
                policy,
                plain.health(),
                plain.limits(),
                plain.tls(),
                plain.tokenizer());
    }

    private static Map<String, String> homes(FleetRouter router) {
        Map<String, String> homes = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            RouteDecision.Forward sent = Requests.forward(router, Requests.chat("m", "x-session-id", "s" + i));
            homes.put("s" + i, sent.endpoint().authority());
            sent.ticket().end(Fleets.WELL);
        }
        return homes;
    }

    @Test
    void aRouteThatStaysKeepsItsTurn() {
        var targets = List.of(new RouteConfig.TargetConfig("a", 1), new RouteConfig.TargetConfig("b", 1));
        List<PoolConfig> pools = List.of(Fleets.pool("a", 1, "m"), Fleets.pool("b", 1, "m"));
        Fleet once = fleet(pools, Routes.weighted(targets));
        Fleet reloaded = fleet(pools, Routes.weighted(targets));
        FleetRouter steady = router(once);
        FleetRouter changing = router(reloaded);
        for (int i = 0; i < 20; i++) {
            Future<RouteDecision> one = ask(steady);
            Future<RouteDecision> other = ask(changing);
            assertThat(engine(other)).isEqualTo(engine(one));
            end(one);
            end(other);
            PoolConfig more = Fleets.pool("c" + i, 1, "x");
            reloaded.apply(
                    Fleets.config(List.of(pools.get(0), pools.get(1), more), Routes.weighted(targets)), () -> {});
        }
    }
}
