package io.penstock.router.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may use one route, how much, and what of theirs reaches the engines. Threading: immutable. */
public record RouteAccessConfig(
        @Key(value = "true: needs no key or token, though there are some", defaultsTo = "false")
        boolean open,

        @Key(
                value = "names of the keys that are taken, or all; left out with jwt: every key and every token",
                defaultsTo = "[]")
        List<String> keys,

        @Key(value = "the issuer whose tokens are taken", defaultsTo = "~") @Nullable
        String jwt,

        @Key(
                value = "true: every client may send what names hosts, ranks and priorities to engines",
                defaultsTo = "false")
        boolean trustClients,

        @Key(value = "true: engines are sent the client's own key, token and cookies", defaultsTo = "false")
        boolean forwardAuthorization,

        @Key(
                value = "requests within a minute, of all clients together; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000000")
        int requestsPerMinute,

        @Key(
                value = "tokens within a minute, of all clients together; 0 is no limit",
                defaultsTo = "0",
                min = "0",
                max = "1000000000")
        int tokensPerMinute) {

    /** Stands for every key in {@link #keys}; no key is called so. */
    public static final String ALL = "all";

    /** The section with every key left out. */
    public static final RouteAccessConfig DEFAULTS = new RouteAccessConfig(false, List.of(), null, false, false, 0, 0);
}
