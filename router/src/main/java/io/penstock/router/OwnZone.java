package io.penstock.router;

import io.penstock.router.config.ServerConfig;
import java.util.Map;

/** The zone that the router runs in, by which pools may prefer their engines. Threading: pure functions. */
final class OwnZone {

    private static final String VARIABLE = "PENSTOCK_ZONE";

    private OwnZone() {}

    /** What the configuration says, or else this process' environment; empty if neither does. */
    static String of(ServerConfig config) {
        return of(config, System.getenv());
    }

    static String of(ServerConfig config, Map<String, String> environment) {
        String zone = config.zone();
        return (zone == null ? environment.getOrDefault(VARIABLE, "") : zone).strip();
    }

    /** For the log: which engines come first. */
    static String told(ServerConfig config) {
        String zone = of(config);
        return zone.isEmpty()
                ? ", of no zone first, as server.zone and " + VARIABLE + " say none"
                : ", engines of zone " + zone + " first";
    }
}
