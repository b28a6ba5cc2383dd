package io.penstock.router.simulate;

/** The one hash of the simulated engine: fixed for ever, so that text and cache keys are too. Threading: any thread. */
final class Mixing {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Mixing() {}

    /** A well-mixed function of both numbers (the finalizer of SplitMix64 over their combination). */
    static long mix(long state, long value) {
        long z = state + GOLDEN * (value + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** A hash of the text's UTF-16 units. */
    static long of(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
            hash ^= hash >>> 29;
        }
        return mix(hash, text.length());
    }
}
