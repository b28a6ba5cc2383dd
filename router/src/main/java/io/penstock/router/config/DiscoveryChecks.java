package io.penstock.router.config;

import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks of where the engines of pools come from. Threading: confined to one load. */
final class DiscoveryChecks {

    private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\\.?";

    private static final String PORT = "[0-9]{1,5}|[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?";

    private final Findings findings;

    DiscoveryChecks(Findings findings) {
        this.findings = findings;
    }

    /** Reports what is wrong with where these engines, listed or found, come from. */
    void check(List<PoolConfig.EngineConfig> engines, @Nullable DiscoveryConfig discovery, String at) {
        if (!findings.sound(at + ".engines") || !findings.sound(at + ".discovery")) {
            return;
        }
        if (discovery == null) {
            if (engines.isEmpty()) {
                findings.report(at + ".engines", "needs at least one engine; or write discovery, to have them found");
            }
            return;
        }
        if (!engines.isEmpty()) {
            findings.report(at + ".discovery", "engines are listed already; write either engines or discovery");
        }
        source(discovery, at + ".discovery");
    }

    private void source(DiscoveryConfig discovery, String at) {
        long given = Stream.of(discovery.file(), discovery.dns(), discovery.kubernetes())
                .filter(Objects::nonNull)
                .count();
        if (given != 1) {
            findings.report(at, "needs exactly one of file, dns and kubernetes");
        }
        DnsConfig dns = discovery.dns();
        if (dns != null) {
            dns(dns, at + ".dns");
        }
        KubernetesConfig kubernetes = discovery.kubernetes();
        if (kubernetes != null) {
            kubernetes(kubernetes, at + ".kubernetes");
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

    private void kubernetes(KubernetesConfig kubernetes, String at) {
        if (findings.sound(at) && (kubernetes.service() == null) == (kubernetes.selector() == null)) {
            findings.report(at, "needs exactly one of service and selector");
        }
        matches(kubernetes.service(), NAME, at + ".service", "is not the name of a Service");
        matches(
                kubernetes.port(),
                PORT,
                at + ".port",
                "is not a port; write its number, or its name in lower case with at most 15 characters");
        for (int i = 0; i < kubernetes.namespaces().size(); i++) {
            matches(kubernetes.namespaces().get(i), NAME, at + ".namespaces[" + i + "]", "is not a namespace");
        }
        if (kubernetes.service() != null && !kubernetes.labels().isEmpty() && findings.sound(at + ".labels")) {
            findings.report(
                    at + ".labels", "EndpointSlices have no labels of pods; write selector in place of service");
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
