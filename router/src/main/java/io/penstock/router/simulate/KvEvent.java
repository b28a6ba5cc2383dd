package io.penstock.router.simulate;

import java.util.Locale;

/** What an engine did with a KV cache of or for another engine, as it is counted. Threading: immutable. */
public enum KvEvent {
    /** A prefill engine keeps blocks for a decode engine. */
    OFFERED,
    /** A decode engine has what it was told of. */
    FETCHED,
    /** A decode engine was told of blocks that nobody offers, or that another one has fetched. */
    UNKNOWN,
    /** A decode engine came after the lease was over. */
    EXPIRED,
    /** A decode engine was told too little, and prefilled by itself. */
    INCOMPLETE,
    /** A decode engine was told nothing, and prefilled by itself. */
    LOCAL_PREFILL,
    /** The other engine did not come in time. */
    TIMED_OUT;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
