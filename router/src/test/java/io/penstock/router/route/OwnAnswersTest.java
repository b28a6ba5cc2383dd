package io.penstock.router.route;

import static io.penstock.router.route.Requests.decision;
import static io.penstock.router.route.Requests.forward;
import static io.penstock.router.route.Requests.refused;
import static io.penstock.router.route.Requests.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.ScriptedEngines;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which methods a path has: asked with OPTIONS, and told when one is refused. */
final class OwnAnswersTest {

    private static final String ANY = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String READ_ONLY = "GET, HEAD, OPTIONS";

    private static FleetRouter router(RouteConfig... routes) {
        RouterConfig config = Fleets.config(List.of(Fleets.pool("a", 1, "llama"), Fleets.pool("b", 1, "qwen")), routes);
        Fleet fleet = new Fleet(config, policy -> Fleets.firstLeft(), new ManualControl());
        fleet.start(new ScriptedEngines());
        return new FleetRouter(config, fleet, BodyScans.NONE);
    }

    private static @Nullable String allowed(FleetRouter router, String uri) {
        RouteDecision decision = decision(router.route(request(HttpMethod.OPTIONS, uri, "")));
        assertThat(decision).isInstanceOf(RouteDecision.Answer.class);
        RouteDecision.Answer answer = (RouteDecision.Answer) decision;
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body().isReadable()).isFalse();
        return answer.headers().get("allow");
    }

    @Test
    void optionsTellsTheMethodsWhateverModelTheRoutesAreFor() {
        FleetRouter router = router(Routes.route("/v1/chat/*", "llama", "a"), Routes.route("/v1/chat/*", "qwen", "b"));

        assertThat(allowed(router, "/v1/chat/completions")).isEqualTo(ANY);
        refused(router, request(HttpMethod.OPTIONS, "/v1/embeddings", ""), FailureKind.PATH_NOT_FOUND);
    }

    @Test
    void withoutRoutesOptionsKnowsTheOpenPaths() {
        assertThat(allowed(router(), "/v1/completions")).isEqualTo(ANY);
        refused(router(), request(HttpMethod.OPTIONS, "/sleep", ""), FailureKind.PATH_NOT_FOUND);
    }

    @Test
    void aRouteThatOpensAPathMakesItKnown() {
        FleetRouter router = router(Routes.opening("/sleep", "a"));

        assertThat(allowed(router, "/sleep")).isEqualTo(ANY);
        refused(router, request(HttpMethod.OPTIONS, "/wake_up", ""), FailureKind.PATH_NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1/models", "/v1/models/llama"})
    void theRoutersOwnPathsAreReadOnly(String path) {
        assertThat(allowed(router(), path)).isEqualTo(READ_ONLY);
        assertThat(refused(router(), request(HttpMethod.PUT, path, ""), FailureKind.METHOD_NOT_ALLOWED)
                        .allow())
                .isEqualTo(READ_ONLY);
    }

    @Test
    void theServerAsAWholeMayBeAsked() {
        assertThat(allowed(router(), "*")).isEqualTo(ANY);
    }

    @Test
    void aPreflightGoesToAnEngineWhateverItsModel() {
        FleetRouter router = router(Routes.route("/v1/*", "qwen", "b"));
        var preflight = request(
                HttpMethod.OPTIONS,
                "/v1/chat/completions",
                "",
                "origin",
                "http://page",
                "access-control-request-method",
                "POST");

        assertThat(forward(router, preflight).plan().labels().pool()).isEqualTo("b");
        assertThat(forward(router(), preflight).plan().labels().pool()).isEqualTo("a");
    }

    @Test
    void aMethodThatNoPathHasIsRefusedWithThoseThatThereAre() {
        var refusal =
                refused(router(), request(HttpMethod.TRACE, "/v1/completions", ""), FailureKind.METHOD_NOT_ALLOWED);

        assertThat(refusal.allow()).isEqualTo(ANY);
        assertThat(refusal.message()).contains("TRACE").contains("POST");
    }
}
