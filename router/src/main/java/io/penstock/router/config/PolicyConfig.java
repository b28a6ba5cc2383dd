package io.penstock.router.config;

/** How an engine is picked. Threading: immutable. */
@Shorthand("type")
public record PolicyConfig(
        @Key(value = "the policy", defaultsTo = "session") Type type,

        @Key(
                value =
                        "session: a home with more than this times the mean load passes new requests to the next engine in rank",
                defaultsTo = "1.25",
                min = "1.0",
                max = "100.0")
        double loadBound,

        @Key(
                value = "session: a home with fewer requests in flight than this never spills",
                defaultsTo = "8",
                min = "0",
                max = "100000")
        int spillAbove,

        @Key(value = "session: the policy for requests without a session (not session)", defaultsTo = "least-requests")
        Type fallback,

        @Key(
                value = "session: how many spilled sessions are remembered",
                defaultsTo = "100000",
                min = "0",
                max = "10000000")
        int spillMemory,

        @Key(
                value =
                        "least-tokens: a request that is being answered weighs as much as so many tokens of a waiting prompt",
                defaultsTo = "64",
                min = "1",
                max = "1000000")
        int requestTokens,

        @Key(
                value = "true: engines whose label zone is the router's own are picked while one of them has room",
                defaultsTo = "false")
        boolean sameZone) {

    /** A policy to which all zones are the same. */
    public PolicyConfig(
            Type type, double loadBound, int spillAbove, Type fallback, int spillMemory, int requestTokens) {
        this(type, loadBound, spillAbove, fallback, spillMemory, requestTokens, false);
    }

    /** The policies; written in lower case with dashes. */
    public enum Type {
        ROUND_ROBIN,
        LEAST_REQUESTS,
        LEAST_TOKENS,
        POWER_OF_TWO,
        SESSION
    }
}
