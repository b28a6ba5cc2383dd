package io.penstock.router.disaggregate;

import io.penstock.router.config.DisaggregationConfig;

/** Whether prefilling a prompt elsewhere pays. Threading: immutable. */
final class Judgement {

    private final DisaggregationConfig config;

    Judgement(DisaggregationConfig config) {
        this.config = config;
    }

    Verdict of(HandoverRequest request) {
        int least = config.whenUncachedTokensAtLeast();
        int uncached = request.inference().estimatedTokens();
        if (uncached < least) {
            return Verdict.SHORT;
        }
        return least > 0 ? Verdict.LONG : Verdict.ALWAYS;
    }
}
