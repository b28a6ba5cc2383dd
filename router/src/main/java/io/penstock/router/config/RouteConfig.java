package io.penstock.router.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which request goes to which pools. Threading: immutable. */
public record RouteConfig(
        @Key(value = "the route's name, for metrics and logs; left out: route-N, counted from 1", defaultsTo = "~")
        @Nullable
        String name,

        @Key("which requests this route takes; left out: all")
        MatchConfig match,

        @Key(value = "the pools, picked by weight", min = "1")
        List<TargetConfig> to,

        @Key(value = "the model name the engine is sent instead of the client's", defaultsTo = "~") @Nullable
        String model,

        @Key("where the session id is found") SessionConfig session,
        @Key("time limits towards the engines") TimeoutsConfig timeouts,
        @Key("other engines after a failure") RetriesConfig retries,

        @Key("how many events of a stream are written to the client together")
        StreamIntervalConfig streamInterval,

        @Key(
                value =
                        "which streams tell what tokens they took: asked, those whose clients ask for it; always, all, and"
                                + " from clients that did not ask it is kept",
                defaultsTo = "asked")
        StreamUsage usage,

        @Key("who may use the route, and how much") RouteAccessConfig access,
        @Key("what is done with the tokens of prompts") RouteTokensConfig tokens,

        @Key(
                value = "which requests go first while they wait for an engine; x-penstock-priority may only lower it",
                defaultsTo = "normal")
        Priority priority,

        @Key(value = "lets the engines' administrative paths through, which are closed otherwise", defaultsTo = "false")
        boolean openAdminPaths) {

    /** Which requests a route takes; every given key must match. */
    public record MatchConfig(
            @Key(value = "path, exact or with * for any run of characters", defaultsTo = "\"*\"")
            String path,

            @Key(value = "model, exact or with * for any run of characters", defaultsTo = "\"*\"")
            String model,

            @Key(value = "headers by name, exact or with *", defaultsTo = "{}")
            Map<String, String> headers) {}

    /** One pool a route goes to. */
    public record TargetConfig(
            @Key("the pool's name") String pool,

            @Key(
                    value = "its share of the requests, against the other weights",
                    defaultsTo = "1",
                    min = "0",
                    max = "1000000")
            int weight) {}

    /** Where the session id is found: the first header present, then the first body field present. */
    public record SessionConfig(
            @Key(value = "header names in order; case and -/_ do not matter", defaultsTo = "[x-session-id]")
            List<String> headers,

            @Key(
                    value = "body fields in order, a.b for a field within an object",
                    defaultsTo = "[prompt_cache_key, user]")
            List<String> body) {}

    /** Time limits towards the engines. */
    public record TimeoutsConfig(
            @Key(
                    value = "to a connection that takes requests, name resolution included",
                    defaultsTo = "1s",
                    min = "10ms",
                    max = "1m")
            Duration connect,

            @Key(
                    value = "from the request's last byte to the response's first body byte",
                    defaultsTo = "10m",
                    min = "10ms",
                    max = "24h")
            Duration firstToken,

            @Key(value = "of silence within a response", defaultsTo = "2m", min = "10ms", max = "24h")
            Duration betweenTokens,

            @Key(
                    value = "from the request's first byte to the response's last, over all engines; 0s is no limit",
                    defaultsTo = "0s",
                    min = "0s",
                    max = "24h")
            Duration total,

            @Key(
                    value =
                            "how often a stream that an engine has, and that has no first token yet, is kept alive with a comment,"
                                    + " after which failures come as events; not while it waits for room on an engine; 0s is never",
                    defaultsTo = "0s",
                    min = "0s",
                    max = "1h")
            Duration heartbeat) {}

    /** Other engines after a failure. */
    public record RetriesConfig(
            @Key(
                    value = "engines asked at most for one request, the first included",
                    defaultsTo = "2",
                    min = "1",
                    max = "10")
            int attempts,

            @Key(
                    value = "statuses of an engine, 429 or 500 to 599, after which another engine is asked",
                    defaultsTo = "[429, 502, 503, 504]")
            List<String> statuses,

            @Key(
                    value = "another engine is asked if a stream's first event is an error of the engine",
                    defaultsTo = "true")
            boolean firstEvent,

            @Key(
                    value = "share of the requests that may be sent to a second engine after a first one had them",
                    defaultsTo = "0.2",
                    min = "0.0",
                    max = "1.0")
            double budget) {}
}
