package io.penstock.router.route;

import io.penstock.router.config.Priority;
import io.penstock.router.config.RouteAccessConfig;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.config.RouteTokensConfig;
import io.penstock.router.config.StreamIntervalConfig;
import io.penstock.router.config.StreamUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Route configurations for tests. Threading: any thread. */
final class Routes {

    private Routes() {}

    static RouteConfig route(String path, String model, String... pools) {
        return route(new RouteConfig.MatchConfig(path, model, Map.of()), null, false, pools);
    }

    static RouteConfig renaming(String model, String to, String... pools) {
        return route(new RouteConfig.MatchConfig("*", model, Map.of()), to, false, pools);
    }

    static RouteConfig opening(String path, String... pools) {
        return route(new RouteConfig.MatchConfig(path, "*", Map.of()), null, true, pools);
    }

    static RouteConfig withHeaders(Map<String, String> headers, String... pools) {
        return route(new RouteConfig.MatchConfig("*", "*", headers), null, false, pools);
    }

    static RouteConfig weighted(List<RouteConfig.TargetConfig> targets) {
        return new RouteConfig(
                null,
                new RouteConfig.MatchConfig("*", "*", Map.of()),
                targets,
                null,
                new RouteConfig.SessionConfig(List.of("x-session-id"), List.of("prompt_cache_key", "user")),
                new RouteConfig.TimeoutsConfig(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(2),
                        Duration.ZERO,
                        Duration.ZERO),
                new RouteConfig.RetriesConfig(3, List.of("503"), true, 0.2),
                StreamIntervalConfig.DEFAULTS,
                StreamUsage.ASKED,
                RouteAccessConfig.DEFAULTS,
                RouteTokensConfig.NONE,
                Priority.NORMAL,
                false);
    }

    private static RouteConfig route(
            RouteConfig.MatchConfig match, @Nullable String rename, boolean openAdminPaths, String... pools) {
        return new RouteConfig(
                null,
                match,
                Stream.of(pools)
                        .map(pool -> new RouteConfig.TargetConfig(pool, 1))
                        .toList(),
                rename,
                new RouteConfig.SessionConfig(List.of("x-session-id"), List.of("prompt_cache_key", "user")),
                new RouteConfig.TimeoutsConfig(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ZERO),
                new RouteConfig.RetriesConfig(3, List.of("503"), true, 0.2),
                StreamIntervalConfig.DEFAULTS,
                StreamUsage.ASKED,
                RouteAccessConfig.DEFAULTS,
                RouteTokensConfig.NONE,
                Priority.NORMAL,
                openAdminPaths);
    }
}
