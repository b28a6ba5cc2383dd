package io.penstock.router.config;

/**
 * The checks that need more than one key. Each problem is reported where the key to change stands; keys that were refused
 * already are left alone. Threading: confined to one load.
 */
final class ConfigChecks {

    private final RouterConfig config;
    private final Findings findings;

    ConfigChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    void run() {
        ports();
        new PoolChecks(config, findings).run();
        new RouteChecks(config, findings).run();
        new AccessChecks(config, findings).run();
        new TlsChecks(config, findings).run();
        new TokenizerChecks(config, findings).run();
        new SharedLimitsChecks(config, findings).run();
        new TracingChecks(config, findings).run();
    }

    private void ports() {
        int port = config.server().port();
        boolean sound = findings.sound("server.port") && findings.sound("server.adminPort");
        if (sound && port != 0 && port == config.server().adminPort()) {
            findings.report("server.adminPort", port + " is the data port already; give the admin port another one");
        }
    }
}
