package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.Key;
import io.penstock.router.config.RouteConfig;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The route without configuration has the defaults a configured one would have. */
final class ByModelRouteTest {

    private static Map<String, String> defaults(Class<? extends Record> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getAnnotation(Key.class) != null)
                .collect(Collectors.toMap(
                        component -> component.getName(),
                        component -> component.getAnnotation(Key.class).defaultsTo()));
    }

    @Test
    void matchAndSessionAreTheDefaults() {
        assertThat(defaults(RouteConfig.MatchConfig.class))
                .containsEntry("path", "\"" + ByModelRoute.CONFIG.match().path() + "\"")
                .containsEntry("model", "\"" + ByModelRoute.CONFIG.match().model() + "\"");
        assertThat(defaults(RouteConfig.SessionConfig.class))
                .containsEntry(
                        "headers", ByModelRoute.CONFIG.session().headers().toString())
                .containsEntry("body", ByModelRoute.CONFIG.session().body().toString());
    }

    @Test
    void timesAndAttemptsAreTheDefaults() {
        RouteConfig.TimeoutsConfig times = ByModelRoute.CONFIG.timeouts();
        assertThat(defaults(RouteConfig.TimeoutsConfig.class))
                .containsEntry("connect", times.connect().toSeconds() + "s")
                .containsEntry("firstToken", times.firstToken().toMinutes() + "m")
                .containsEntry("betweenTokens", times.betweenTokens().toMinutes() + "m")
                .containsEntry("total", times.total().toSeconds() + "s")
                .containsEntry("heartbeat", times.heartbeat().toSeconds() + "s");
        assertThat(defaults(RouteConfig.RetriesConfig.class))
                .containsEntry(
                        "attempts", String.valueOf(ByModelRoute.CONFIG.retries().attempts()))
                .containsEntry(
                        "statuses", ByModelRoute.CONFIG.retries().statuses().toString())
                .containsEntry(
                        "firstEvent",
                        String.valueOf(ByModelRoute.CONFIG.retries().firstEvent()))
                .containsEntry(
                        "budget", String.valueOf(ByModelRoute.CONFIG.retries().budget()));
        assertThat(defaults(RouteConfig.class))
                .containsEntry("openAdminPaths", String.valueOf(ByModelRoute.CONFIG.openAdminPaths()));
    }
}
