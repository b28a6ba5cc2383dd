package io.penstock.router.route;

import static io.penstock.router.route.Requests.answer;
import static io.penstock.router.route.Requests.chat;
import static io.penstock.router.route.Requests.forward;
import static io.penstock.router.route.Requests.refused;
import static io.penstock.router.route.Requests.reject;
import static io.penstock.router.route.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.ScriptedEngines;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The router without configured routes: every request goes by its model. */
final class FleetRouterByModelTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();

    private FleetRouter router(PoolConfig... pools) {
        RouterConfig config = Fleets.config(List.of(pools));
        Fleet fleet = new Fleet(config, policy -> Fleets.firstLeft(), control);
        fleet.start(engines);
        return new FleetRouter(config, fleet, BodyScans.NONE);
    }

    @Test
    void aModelGoesToThePoolThatServesIt() {
        engines.serves("a-1:8000", "llama");
        FleetRouter router = router(Fleets.pool("a", 1), Fleets.pool("b", 1, "qwen"));

        assertThat(forward(router, chat("llama")).endpoint().authority()).isEqualTo("a-1:8000");
        RouteDecision.Forward qwen = forward(router, chat("qwen"));
        assertThat(qwen.endpoint().authority()).isEqualTo("b-1:8000");
        assertThat(qwen.plan().labels()).isEqualTo(new RouteLabels("default", "b", "qwen"));
        assertThat(qwen.plan().timeouts())
                .isEqualTo(new RouteTimeouts(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(2)));
        assertThat(qwen.splices()).isEmpty();
    }

    @Test
    void anUnknownModelIsRefusedWithThoseThatExist() {
        FleetRouter router = router(Fleets.pool("a", 1, "llama"), Fleets.pool("b", 1, "qwen"));

        RouteDecision.Reject reject = reject(router, chat("gpt-\\n9"));

        assertThat(reject.failure().kind()).isEqualTo(FailureKind.MODEL_NOT_FOUND);
        assertThat(reject.failure().message())
                .isEqualTo("The model 'gpt-?9' does not exist. Models that exist: llama, qwen.");
        assertThat(reject.labels()).isEqualTo(new RouteLabels("none", "none", "other"));
    }

    @Test
    void theListOfModelsInAMessageIsBounded() {
        String[] many = IntStream.range(0, 100).mapToObj(i -> "model-" + i).toArray(String[]::new);
        FleetRouter router = router(Fleets.pool("a", 1, many));

        assertThat(refused(router, chat("x".repeat(1000)), FailureKind.MODEL_NOT_FOUND)
                        .message())
                .contains("model-0, ")
                .endsWith("and 80 more.")
                .doesNotContain("model-20")
                .hasSizeLessThan(600);
    }

    @Test
    void anAdapterGoesToTheEnginesThatLoadedIt() {
        engines.serves("a-1:8000", "base");
        engines.serves("a-3:8000", "base", "lora");
        FleetRouter router = router(Fleets.pool("a", 3));

        assertThat(forward(router, chat("base")).endpoint().authority()).isEqualTo("a-1:8000");
        assertThat(forward(router, chat("lora")).endpoint().authority())
                .as("one that has listed nothing may serve it")
                .isEqualTo("a-2:8000");
        engines.serves("a-2:8000", "base");
        control.advance(Duration.ofSeconds(11));
        RouteDecision.Forward forward = forward(router, chat("lora"));
        assertThat(forward.endpoint().authority()).isEqualTo("a-3:8000");
        ProxyFailure cause = ProxyFailure.of(FailureKind.CONNECT_FAILED, "refused");
        assertThat(Requests.decision(forward.plan().reroute(cause)))
                .as("nobody else has it")
                .isInstanceOf(RouteDecision.Reject.class);
    }

    @Test
    void aLonePoolThatHasListedNothingTakesAnyModel() {
        FleetRouter router = router(Fleets.pool("a", 1));

        assertThat(forward(router, chat("whatever")).plan().labels().model()).isEqualTo("other");
        engines.serves("a-1:8000", "llama");
        control.advance(Duration.ofSeconds(11));
        refused(router, chat("whatever"), FailureKind.MODEL_NOT_FOUND);
    }

    @Test
    void theOnlyPoolThatMightServeAModelIsAsked() {
        FleetRouter router = router(Fleets.pool("a", 1, "llama"), Fleets.pool("b", 1));

        assertThat(forward(router, chat("whatever")).endpoint().authority()).isEqualTo("b-1:8000");
    }

    @Test
    void whileSeveralPoolsMightServeAModelTheClientIsToldToWait() {
        FleetRouter router = router(Fleets.pool("a", 1), Fleets.pool("b", 1));

        assertThat(refused(router, chat("whatever"), FailureKind.NO_ENGINE).retryAfterSeconds())
                .isPositive();
    }

    @Test
    void ofTwoPoolsWithAModelTheFirstThatCanServeIsTaken() {
        FleetRouter router = router(Fleets.pool("a", 1, "m"), Fleets.pool("b", 1, "m"));

        assertThat(forward(router, chat("m")).endpoint().authority()).isEqualTo("a-1:8000");
        engines.dead("a-1:8000", true);
        control.advance(Duration.ofSeconds(5));
        assertThat(forward(router, chat("m")).endpoint().authority()).isEqualTo("b-1:8000");
    }

    @Test
    void withoutAModelALonePoolIsAsked() {
        assertThat(forward(router(Fleets.pool("a", 1, "m")), request(HttpMethod.POST, "/detokenize", "{}"))
                        .plan()
                        .labels()
                        .model())
                .isEqualTo("none");
    }

    @Test
    void withoutAModelSeveralPoolsAreTooMany() {
        FleetRouter router = router(Fleets.pool("a", 1, "m"), Fleets.pool("b", 1, "n"));

        assertThat(refused(router, request(HttpMethod.POST, "/tokenize", "{}"), FailureKind.BAD_REQUEST)
                        .message())
                .contains("m, n");
    }

    @Test
    void withoutAnEngineTheRefusalComesAtOnce() {
        FleetRouter router = router(Fleets.pool("a", 2, "m"));
        engines.dead("a-1:8000", true);
        engines.dead("a-2:8000", true);
        control.advance(Duration.ofSeconds(5));

        RouteDecision.Reject reject = reject(router, chat("m"));
        assertThat(reject.failure().kind()).isEqualTo(FailureKind.NO_ENGINE);
        assertThat(reject.failure().message()).contains("pool 'a'").contains("2 down");
        assertThat(reject.failure().retryAfterSeconds()).isPositive();
        assertThat(reject.labels()).isEqualTo(new RouteLabels("default", "a", "m"));
    }

    @Test
    void aBodyThatIsNotJsonIsRefused() {
        refused(
                router(Fleets.pool("a", 1)),
                request(HttpMethod.POST, "/v1/chat/completions", "{\"model\""),
                FailureKind.BAD_REQUEST);
    }

    @Test
    void closedAndAmbiguousPathsReachNoEngine() {
        FleetRouter router = router(Fleets.pool("a", 1));
        for (String closed : List.of("/metrics", "/sleep?level=1", "/slee%70", "/v1/load_lora_adapter/", "/nothing")) {
            refused(router, request(HttpMethod.POST, closed, "{}"), FailureKind.PATH_NOT_FOUND);
        }
        for (String ambiguous : List.of("//sleep", "/v1/../sleep", "/v1/%2e%2e/sleep", "/v1%2fload_lora_adapter")) {
            refused(router, request(HttpMethod.POST, ambiguous, "{}"), FailureKind.BAD_REQUEST);
        }
        refused(router, request(HttpMethod.TRACE, "/v1/completions", ""), FailureKind.METHOD_NOT_ALLOWED);
    }

    @Test
    void modelsOfAllPoolsAreListedOnTheirEnginesCards() {
        engines.serves("a-1:8000", "org/llama", "lora");
        FleetRouter router = router(Fleets.pool("a", 1), Fleets.pool("b", 1, "qwen"));

        assertThat(answer(router, request(HttpMethod.GET, "/v1/models", "")))
                .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"org/llama\",")
                .contains("\"max_model_len\":4096", "\"id\":\"lora\"", "\"id\":\"qwen\"");
        for (String uri : List.of("/v1/models/org/llama", "/v1/models/org%2Fllama?x=1")) {
            assertThat(answer(router, request(HttpMethod.GET, uri, ""))).startsWith("{\"id\":\"org/llama\"");
        }
        assertThat(answer(router, request(HttpMethod.HEAD, "/v1/models", "")))
                .as("measured, and not sent")
                .isEqualTo(answer(router, request(HttpMethod.GET, "/v1/models", "")));
        refused(router, request(HttpMethod.GET, "/v1/models/none", ""), FailureKind.MODEL_NOT_FOUND);
        refused(router, request(HttpMethod.DELETE, "/v1/models/lora", ""), FailureKind.METHOD_NOT_ALLOWED);
    }

    @Test
    void theRouterIsHealthyWhateverItsEnginesAre() {
        FleetRouter router = router(Fleets.pool("a", 1));
        engines.dead("a-1:8000", true);
        control.advance(Duration.ofSeconds(5));

        assertThat(answer(router, request(HttpMethod.GET, "/health", ""))).contains("ok");
        refused(router, request(HttpMethod.POST, "/health", ""), FailureKind.METHOD_NOT_ALLOWED);
    }
}
