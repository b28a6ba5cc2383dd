package io.penstock.router.route;

import static io.penstock.router.route.Requests.answer;
import static io.penstock.router.route.Requests.chat;
import static io.penstock.router.route.Requests.decision;
import static io.penstock.router.route.Requests.forward;
import static io.penstock.router.route.Requests.refused;
import static io.penstock.router.route.Requests.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouteConfig.TargetConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.ScriptedEngines;
import io.penstock.router.policy.Policies;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FleetRouterRoutesTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();

    private FleetRouter router(RouteConfig... routes) {
        RouterConfig config = Fleets.config(
                List.of(Fleets.pool("a", 3, "llama"), Fleets.pool("b", 3, "qwen"), Fleets.pool("c", 3, "llama")),
                routes);
        Fleet fleet = new Fleet(
                config, any -> Policies.of(Fleets.policy(PolicyConfig.Type.SESSION), control.ticker()), control);
        fleet.start(engines);
        return new FleetRouter(config, fleet, BodyScans.NONE);
    }

    private static String pool(FleetRouter router, RoutingRequest request) {
        RouteDecision.Forward forward = forward(router, request);
        forward.ticket().end(Fleets.WELL);
        return forward.plan().labels().pool();
    }

    @Test
    void theFirstRouteThatMatchesWins() {
        FleetRouter router = router(
                Routes.route("/v1/embeddings", "*", "b"), Routes.route("*", "qwen*", "b"), Routes.route("*", "*", "a"));

        assertThat(pool(router, chat("qwen-9"))).isEqualTo("b");
        assertThat(pool(router, chat("llama"))).isEqualTo("a");
        assertThat(pool(router, request(HttpMethod.POST, "/v1/embeddings/?x", "{\"model\":\"qwen\"}")))
                .isEqualTo("b");
        assertThat(forward(router, chat("llama")).plan().labels().route()).isEqualTo("route-3");
    }

    @Test
    void headersDecideToo() {
        FleetRouter router =
                router(Routes.withHeaders(Map.of("X-Tier", "gold*", "x-b", "*"), "a"), Routes.route("*", "*", "c"));

        assertThat(pool(router, chat("llama", "x-tier", "golden", "x-b", ""))).isEqualTo("a");
        assertThat(pool(router, chat("llama", "x-tier", "tin", "x-tier", "gold", "x-b", "1")))
                .isEqualTo("a");
        assertThat(pool(router, chat("llama", "x-tier", "tin", "x-b", "1"))).isEqualTo("c");
        assertThat(pool(router, chat("llama", "x-tier", "gold"))).isEqualTo("c");
    }

    @Test
    void whatNoRouteTakesIsRefused() {
        FleetRouter router = router(Routes.route("/v1/chat/*", "llama", "a"), Routes.route("/v1/chat/*", "alias", "b"));

        assertThat(refused(router, chat("nope"), FailureKind.MODEL_NOT_FOUND).message())
                .contains("llama, qwen, alias");
        refused(router, request(HttpMethod.POST, "/v1/chat/completions", "{}"), FailureKind.BAD_REQUEST);
        refused(router, request(HttpMethod.POST, "/v1/embeddings", "{}"), FailureKind.PATH_NOT_FOUND);
    }

    @Test
    void aRouteForAllModelsKnowsThoseOfItsPools() {
        FleetRouter router = router(Routes.route("*", "*", "a", "b"));

        refused(router, chat("nope"), FailureKind.MODEL_NOT_FOUND);
        forward(router, chat("qwen"));
        forward(router, request(HttpMethod.POST, "/tokenize", "{}"));
    }

    @Test
    void aModelIsRenamedInPlace() {
        FleetRouter router = router(Routes.renaming("gpt-4", "qwen", "b"), Routes.route("*", "*", "a"));

        RouteDecision.Forward forward = forward(router, chat("gpt-4"));
        assertThat(forward.splices()).singleElement().satisfies(splice -> {
            assertThat(splice.start()).isEqualTo(9);
            assertThat(splice.end()).isEqualTo(16);
            assertThat(new String(splice.replacement(), UTF_8)).isEqualTo("\"qwen\"");
        });
        assertThat(forward.plan().labels().model()).isEqualTo("gpt-4");
        assertThat(forward(router, chat("llama")).splices()).isEmpty();
    }

    @Test
    void anAliasIsListedOnTheCardOfItsModel() {
        engines.serves("b-1:8000", "qwen");
        FleetRouter router = router(Routes.renaming("gpt-4", "qwen", "b"));

        assertThat(answer(router, request(HttpMethod.GET, "/v1/models/gpt-4", "")))
                .contains("\"id\":\"gpt-4\"", "\"root\":\"qwen\"", "\"max_model_len\":4096");
    }

    @Test
    void administrativePathsAreOpenOnlyOnARouteThatOpensThem() {
        FleetRouter router = router(Routes.route("*", "*", "a"), Routes.opening("/reset_*", "b"));

        assertThat(pool(router, request(HttpMethod.POST, "/reset_prefix_cache", "")))
                .isEqualTo("b");
        refused(router, request(HttpMethod.POST, "/sleep", ""), FailureKind.PATH_NOT_FOUND);
        refused(router, request(HttpMethod.POST, "/v1/load_lora_adapter", "{}"), FailureKind.PATH_NOT_FOUND);
        refused(router, request(HttpMethod.POST, "/reset_x/../sleep", ""), FailureKind.BAD_REQUEST);
    }

    @Test
    void weightsAreKeptInEveryStretch() {
        FleetRouter router = router(Routes.weighted(
                List.of(new TargetConfig("a", 90), new TargetConfig("c", 10), new TargetConfig("b", 0))));
        for (int stretch = 0; stretch < 10; stretch++) {
            Map<String, Integer> counts = new HashMap<>();
            for (int i = 0; i < 100; i++) {
                counts.merge(pool(router, chat("llama")), 1, Integer::sum);
            }
            assertThat(counts.keySet()).containsExactlyInAnyOrder("a", "c");
            assertThat(counts.get("c")).isBetween(9, 11);
        }
    }

    @Test
    void aSessionStaysInItsPoolAndTheWeightsAreKeptOverSessions() {
        List<TargetConfig> targets = List.of(new TargetConfig("a", 80), new TargetConfig("c", 20));
        FleetRouter one = router(Routes.weighted(targets));
        FleetRouter two = router(Routes.weighted(targets));
        Map<String, Integer> counts = new HashMap<>();
        for (int session = 0; session < 2000; session++) {
            String name = "s" + session;
            String pool = pool(one, chat("llama", "x-session-id", name));
            assertThat(pool(one, chat("llama", "x-session-id", name))).isEqualTo(pool);
            assertThat(pool(two, chat("llama", "x-session-id", name))).isEqualTo(pool);
            counts.merge(pool, 1, Integer::sum);
        }
        assertThat(counts.get("c")).isBetween(340, 460);
    }

    @Test
    void aPoolWithoutEnginesLeavesItsShareToAnother() {
        FleetRouter router = router(Routes.weighted(List.of(new TargetConfig("a", 50), new TargetConfig("c", 50))));
        for (int i = 1; i <= 3; i++) {
            engines.dead("a-" + i + ":8000", true);
        }
        control.advance(Duration.ofSeconds(5));
        for (int i = 0; i < 20; i++) {
            assertThat(pool(router, chat("llama"))).isEqualTo("c");
        }
    }

    @Test
    void aRerouteNeverGoesBackAndEndsWithTheAttempts() {
        FleetRouter router = router(Routes.route("*", "*", "a"));
        ProxyFailure cause = ProxyFailure.of(FailureKind.CONNECT_FAILED, "refused");
        Set<String> asked = new HashSet<>();
        RouteDecision decision = forward(router, chat("llama", "x-session-id", "s"));
        for (int attempt = 0; attempt < 3; attempt++) {
            RouteDecision.Forward forward = (RouteDecision.Forward) decision;
            assertThat(asked.add(forward.endpoint().authority())).isTrue();
            forward.ticket().end(Fleets.failed(FailureKind.CONNECT_FAILED));
            decision = decision(forward.plan().reroute(cause));
        }
        assertThat(decision).isInstanceOfSatisfying(RouteDecision.Reject.class, reject -> {
            assertThat(reject.failure()).isSameAs(cause);
            assertThat(reject.labels().pool()).isEqualTo("a");
        });
    }

    @Test
    void timeLimitsAreTheRoutes() {
        assertThat(forward(router(Routes.route("*", "*", "a")), chat("llama"))
                        .plan()
                        .timeouts())
                .isEqualTo(new RouteTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5)));
    }
}
