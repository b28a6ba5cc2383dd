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

/** The route there is when the configuration names none: every request by its model. Threading: immutable. */
final class ByModelRoute {

    /** Its values are the defaults of {@link RouteConfig}; a test compares them. */
    static final RouteConfig CONFIG = new RouteConfig(
            "default",
            new RouteConfig.MatchConfig("*", "*", Map.of()),
            List.of(),
            null,
            new RouteConfig.SessionConfig(List.of("x-session-id"), List.of("prompt_cache_key", "user")),
            new RouteConfig.TimeoutsConfig(
                    Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMinutes(2), Duration.ZERO, Duration.ZERO),
            new RouteConfig.RetriesConfig(2, List.of("429", "502", "503", "504"), true, 0.2),
            StreamIntervalConfig.DEFAULTS,
            StreamUsage.ASKED,
            RouteAccessConfig.DEFAULTS,
            RouteTokensConfig.NONE,
            Priority.NORMAL,
            false);

    private ByModelRoute() {}
}
