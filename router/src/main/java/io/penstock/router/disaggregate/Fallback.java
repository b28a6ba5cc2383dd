package io.penstock.router.disaggregate;

import java.util.Locale;

/** What became of a request whose prefill failed. Threading: immutable. */
public enum Fallback {
    /** Another prefill engine was asked. */
    PREFILL_AGAIN,
    /** Its decode engine prefills it. */
    DECODE_LOCAL,
    /** It went to another pool. */
    AGGREGATED,
    /** Its client was told. */
    FAILED;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
