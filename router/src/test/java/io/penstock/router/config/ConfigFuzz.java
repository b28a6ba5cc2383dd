package io.penstock.router.config;

import java.nio.charset.StandardCharsets;

/** Fuzz target: whatever the text, a load gives a tree that survives its round trip or names problems. Threading: pure function. */
public final class ConfigFuzz {

    private ConfigFuzz() {}

    /** Called by Jazzer and by {@link ConfigFuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        ConfigFuzzTest.loads(new String(input, StandardCharsets.UTF_8));
    }
}
