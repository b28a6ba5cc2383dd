package io.penstock.router.config;

import org.jspecify.annotations.Nullable;

/** Where the engines' own API key is found; never written into the file itself. Threading: immutable. */
public record EngineKeyConfig(
        @Key(value = "an environment variable with the key, read at the start", defaultsTo = "~") @Nullable
        String env,

        @Key(value = "a file with the key alone; read again when it changes", defaultsTo = "~", file = true) @Nullable
        String file) {

    /** The engines need no key. */
    public static final EngineKeyConfig NONE = new EngineKeyConfig(null, null);

    /** True if there is a key. */
    public boolean isSet() {
        return env != null || file != null;
    }
}
