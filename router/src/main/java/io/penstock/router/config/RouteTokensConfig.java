package io.penstock.router.config;

import org.jspecify.annotations.Nullable;

/** What a route does with the tokens of prompts. Threading: immutable. */
public record RouteTokensConfig(
        @Key(value = "the tokenizer; left out: the one for the model, else the pool's", defaultsTo = "~") @Nullable
        String tokenizer,

        @Key(value = "true: counts prompts for the access log and the metrics", defaultsTo = "false")
        boolean count,

        @Key(
                value =
                        "a request whose prompt and max_tokens are more than this is refused with 400 before an engine is asked;"
                                + " 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000000")
        int maxModelLen,

        @Key(
                value = "true: limits on tokens charge what was counted, and not a fourth of the prompt's bytes",
                defaultsTo = "false")
        boolean rateLimits,

        @Key(value = "true: the router answers /tokenize and /detokenize", defaultsTo = "false")
        boolean endpoints,

        @Key(
                value = "when too many prompts wait to be tokenized: skip routes without a count, reject answers 429",
                defaultsTo = "skip")
        Overload onOverload) {

    /** Nothing is done with tokens. */
    public static final RouteTokensConfig NONE = new RouteTokensConfig(null, false, 0, false, false, Overload.SKIP);

    /** What happens to a prompt that cannot be tokenized in time. */
    public enum Overload {
        SKIP,
        REJECT
    }

    /** True if every prompt of the route has to be counted, whatever its pool wants. */
    public boolean counts() {
        return count || maxModelLen > 0 || rateLimits;
    }
}
