package io.penstock.router.disaggregate;

import java.util.Locale;

/** Whether a prompt is prefilled elsewhere, and why. Threading: immutable. */
public enum Verdict {
    /** The pool always does. */
    ALWAYS(true),
    /** Enough of the prompt is not cached. */
    LONG(true),
    /** Too little of the prompt is not cached. */
    SHORT(false),
    /** The first token comes sooner that way. */
    FASTER(true),
    /** The first token comes later that way. */
    SLOWER(false),
    /** Too little was measured yet, so that the length decides: long enough. */
    UNMEASURED_LONG(true),
    /** Too little was measured yet, so that the length decides: too short. */
    UNMEASURED_SHORT(false);

    private final boolean prefillsElsewhere;

    Verdict(boolean prefillsElsewhere) {
        this.prefillsElsewhere = prefillsElsewhere;
    }

    /** True if a prefill engine is asked first. */
    public boolean prefillsElsewhere() {
        return prefillsElsewhere;
    }

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
