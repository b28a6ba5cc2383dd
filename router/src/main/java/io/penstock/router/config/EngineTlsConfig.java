package io.penstock.router.config;

import io.penstock.proxy.api.EngineTls;
import org.jspecify.annotations.Nullable;

/** TLS to the engines of a pool whose addresses begin with https. Threading: immutable. */
public record EngineTlsConfig(
        @Key(
                value = "PEM file with the authorities that are believed; left out: those of the system",
                defaultsTo = "~",
                file = true)
        @Nullable
        String ca,

        @Key(value = "false believes whoever answers: for tests only", defaultsTo = "true")
        boolean verify,

        @Key(
                value = "name that is asked for and that certificates must be for; left out: the engine's host",
                defaultsTo = "~")
        @Nullable
        String serverName) {

    /** As the data plane wants it. */
    public EngineTls value() {
        return new EngineTls(ca, verify, serverName);
    }
}
