package io.penstock.router.fleet;

import java.util.Locale;

/** Why an engine went from one state to another. Threading: immutable. */
public enum StateCause {
    /** Its probes succeed. */
    PROBES_SUCCEEDED,
    /** Its probes fail. */
    PROBES_FAILED,
    /** Requests to it failed in a row. */
    FAILURES_IN_A_ROW,
    /** Too large a share of its requests failed. */
    FAILURE_RATIO,
    /** The time of its ejection is over: it is tried. */
    EJECTION_OVER,
    /** The request it was tried with went well. */
    TRIAL_SUCCEEDED,
    /** The request it was tried with failed. */
    TRIAL_FAILED,
    /** It answered 429 with Retry-After. */
    PUSHED_BACK,
    /** The time of its Retry-After is over. */
    RETRY_AFTER_OVER,
    /** An operator drains it, or ends that. */
    OPERATOR;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
