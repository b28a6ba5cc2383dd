package io.penstock.router.fleet;

import java.util.Locale;

/** Whether an engine may be picked, and why not. Threading: immutable. */
public enum EngineState {
    /** Not probed yet; picked like a ready one, so that a start is not held up by the first probe. */
    NEW,
    /** Probes succeed: picked. */
    READY,
    /** Too many requests to it failed: not picked until its ejection ends. */
    EJECTED,
    /** Its ejection is over: one request at a time is let through, until one goes well or fails. */
    HALF_OPEN,
    /** It asked to be left alone, by 429 with Retry-After: not picked until then. */
    BUSY,
    /** Probes fail: not picked. */
    DOWN,
    /** Told to drain: not picked, running streams finish. */
    DRAINING;

    /** The name in metrics and in the fleet view. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
