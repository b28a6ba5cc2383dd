package io.penstock.router.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How prompts are prefilled on other engines than those that decode the answers. Threading: immutable. */
public record DisaggregationConfig(
        @Key("how the engines hand the KV cache over") Protocol protocol,

        @Key(
                value = "always, or auto: when the estimated time to the first token is shorter that way",
                defaultsTo = "always")
        When when,

        @Key(
                value = "prompts with fewer tokens that are not cached go to a decode engine directly; 0 is none",
                defaultsTo = "0",
                min = "0",
                max = "100000000")
        int whenUncachedTokensAtLeast,

        @Key(
                value = "what becomes of a request whose prefill failed; left out: decode-local, with sglang strict",
                defaultsTo = "~")
        @Nullable
        OnPrefillFailure onPrefillFailure,

        @Key(value = "aggregated: the pool whose engines prefill and decode", defaultsTo = "~") @Nullable
        String aggregatedPool,

        @Key(value = "port of the prefill engines' bootstrap server", defaultsTo = "8998", min = "1", max = "65535")
        int bootstrapPort,

        @Key("time limits") TimeoutsConfig timeouts) {

    /** How the engines hand the KV cache over; written in lower case with dashes. */
    public enum Protocol {
        /** Prefill first; decode is sent what came back. */
        VLLM_NIXL,
        /** Both at once, joined by a bootstrap room. */
        SGLANG,
        /** Both at once, joined by a transfer id: vLLM's connectors that push. */
        VLLM_CONCURRENT
    }

    /** When a prompt is prefilled elsewhere. */
    public enum When {
        ALWAYS,
        AUTO
    }

    /** What becomes of a request whose prefill failed. */
    public enum OnPrefillFailure {
        /** It fails with 502. */
        STRICT,
        /** Its decode engine prefills it. */
        DECODE_LOCAL,
        /** It goes to another pool. */
        AGGREGATED
    }

    /** Time limits of prefilling. */
    public record TimeoutsConfig(
            @Key(
                    value = "from sending the prefill request to its whole answer",
                    defaultsTo = "5m",
                    min = "10ms",
                    max = "1h")
            Duration prefill,

            @Key(
                    value =
                            "how long a prefill engine keeps what nobody fetched; handed over later, it is prefilled again",
                    defaultsTo = "30s",
                    min = "100ms",
                    max = "1h")
            Duration lease) {}

    /** True if a decode engine cannot prefill by itself. */
    public boolean decodeNeedsPrefill() {
        return protocol == Protocol.SGLANG;
    }

    /** True if it depends on the length of a prompt where it is prefilled. */
    public boolean judgesByTokens() {
        return when == When.AUTO || whenUncachedTokensAtLeast > 0;
    }

    /** What becomes of a request whose prefill failed. */
    public OnPrefillFailure onFailure() {
        if (onPrefillFailure != null) {
            return onPrefillFailure;
        }
        return decodeNeedsPrefill() ? OnPrefillFailure.STRICT : OnPrefillFailure.DECODE_LOCAL;
    }
}
