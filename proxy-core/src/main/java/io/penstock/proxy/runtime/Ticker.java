package io.penstock.proxy.runtime;

/** A source of nanoseconds, replaceable in tests. Threading: any thread. */
@FunctionalInterface
public interface Ticker {

    /** Nanoseconds since an arbitrary origin; may be negative, so compare differences only. */
    long nanos();

    /** The JVM's monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
