package io.penstock.router.disaggregate;

/** Told of requests to disaggregated pools. Threading: called on event loops; must not block or throw. */
public interface HandoverObserver {

    /** Observes nothing. */
    HandoverObserver NONE = new HandoverObserver() {};

    /** It was decided whether a request is prefilled elsewhere. */
    default void decided(String pool, Verdict verdict) {}

    /** A prefill engine answered, or failed for this reason, after so long. */
    default void prefilled(String pool, long nanos) {}

    /** A prefill came to nothing. */
    default void prefillFailed(String pool, PrefillFault fault) {}

    /** What became of a request whose prefill failed. */
    default void fellBack(String pool, Fallback to) {}

    /** The decode engine was sent what the prefill engine had answered so long ago. */
    default void handedOver(String pool, long ageNanos) {}

    /** The decode engine's answer began so long after it was asked. */
    default void decoding(String pool, long nanos) {}

    /** What was prefilled and is not wanted was freed, or could not be. */
    default void released(String pool, boolean freed) {}

    /** One of two engines was told to stop, as the other one failed or the client left. */
    default void siblingCancelled(String pool, Side side) {}
}
