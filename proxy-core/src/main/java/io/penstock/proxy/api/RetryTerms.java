package io.penstock.proxy.api;

import java.util.Set;

/**
 * Which complete answers of an engine are held back from the client while another engine is asked. Threading: immutable.
 *
 * @param statuses HTTP statuses; an answer of more than some tens of KiB goes to the client whatever its status
 * @param firstEvent also an event stream whose first event is an error of the engine's own: engines send the head before they
 *     know whether they can answer
 */
public record RetryTerms(Set<Integer> statuses, boolean firstEvent) {

    /** Every answer goes to the client. */
    public static final RetryTerms NONE = new RetryTerms(Set.of(), false);

    /** Copies the set. */
    public RetryTerms {
        statuses = Set.copyOf(statuses);
    }
}
