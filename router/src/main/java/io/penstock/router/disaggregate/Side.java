package io.penstock.router.disaggregate;

import java.util.Locale;

/** One of the two engines of a request. Threading: immutable. */
public enum Side {
    PREFILL,
    DECODE;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
