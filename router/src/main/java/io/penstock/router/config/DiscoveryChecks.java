package io.penstock.router.config;

import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import org.jspecify.annotations.Nullable;

/** The checks of where the engines of pools come from. Threading: confined to one load. */
final class DiscoveryChecks {

    private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\\.?";

    private final Findings findings;

    DiscoveryChecks(Findings findings) {
        this.findings = findings;
    }

    /** Reports what is wrong with where this pool has its engines from. */
    void check(PoolConfig pool, String at) {
        DiscoveryConfig discovery = pool.discovery();
        if (!findings.sound(at + ".engines") || !findings.sound(at + ".discovery")) {
            return;
        }
        if (discovery == null) {
            if (pool.engines().isEmpty()) {
                findings.report(at + ".engines", "needs at least one engine; or write discovery, to have them found");
            }
            return;
        }
        if (!pool.engines().isEmpty()) {
            findings.report(at + ".discovery", "the pool lists its engines already; write either engines or discovery");
        }
        source(discovery, at + ".discovery");
    }

    private void source(DiscoveryConfig discovery, String at) {
        if ((discovery.file() == null) == (discovery.dns() == null)) {
            findings.report(at, "needs exactly one of file and dns");
        }
        DnsConfig dns = discovery.dns();
        if (dns != null) {
            dns(dns, at + ".dns");
        }
    }

    private void dns(DnsConfig dns, String at) {
        matches(dns.name(), NAME, at + ".name", "is not a host name");
        boolean wantsPort = dns.records() == Records.A;
        if (findings.sound(at + ".port") && findings.sound(at + ".records") && wantsPort == (dns.port() == 0)) {
            findings.report(
                    at + (wantsPort ? "" : ".port"),
                    wantsPort
                            ? "addresses bring no port; write port, too"
                            : "SRV records tell the ports; leave it out");
        }
        for (int i = 0; i < dns.nameServers().size(); i++) {
            nameServer(dns.nameServers().get(i), at + ".nameServers[" + i + "]");
        }
    }

    private void nameServer(String written, String path) {
        if (findings.sound(path) && NameServer.parse(written).isEmpty()) {
            findings.report(
                    path,
                    ScalarReader.echo(written)
                            + " is not an address; write one such as 10.96.0.10, 10.96.0.10:53 or [fd00::10]:53");
        }
    }

    private void matches(@Nullable String value, String format, String path, String problem) {
        if (value != null && findings.sound(path) && !value.matches(format)) {
            findings.report(path, ScalarReader.echo(value) + " " + problem);
        }
    }
}
