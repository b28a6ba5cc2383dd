package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Where engines come from, as it is written. */
final class DiscoveryConfigTest {

    private static List<String> problems(String pool) {
        return Yaml.lines("pools: [{ name: p, " + pool + " }]").stream()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
    }

    private static DiscoveryConfig loaded(String discovery) {
        RouterConfig config = Yaml.load("pools: [{ name: p, discovery: " + discovery + " }]");
        return Objects.requireNonNull(config.pools().get(0).discovery());
    }

    @Test
    void eachSourceIsNamedByWhatItLooksAt() {
        assertThat(loaded("{ file: /etc/engines.yaml }").place()).isEqualTo("file /etc/engines.yaml");
        assertThat(loaded("{ dns: { name: vllm.svc, port: 8000 } }").place()).isEqualTo("dns vllm.svc");
        assertThat(loaded("{ kubernetes: { service: vllm, port: http } }").place())
                .isEqualTo("kubernetes service vllm");
        assertThat(loaded("{ kubernetes: { selector: app=vllm, port: 8000 } }").place())
                .isEqualTo("kubernetes pods app=vllm");
        assertThat(loaded("{ kubernetes: { selector: app=vllm, port: 8000 } }").kind())
                .isEqualTo("kubernetes");
    }

    @Test
    void aPoolHasItsEnginesFromOnePlace() {
        assertThat(problems("models: [m]"))
                .containsExactly("pools[0].engines: needs at least one engine; or write discovery, to have them found");
        assertThat(problems("engines: [http://a:1], discovery: { file: f }"))
                .containsExactly("pools[0].discovery: engines are listed already; write either engines or discovery");
        assertThat(problems("discovery: { }"))
                .containsExactly("pools[0].discovery: needs exactly one of file, dns and kubernetes");
        assertThat(problems("discovery: { file: f, dns: { name: a, port: 1 } }"))
                .containsExactly("pools[0].discovery: needs exactly one of file, dns and kubernetes");
    }

    @Test
    void addressesNeedAPortAndServiceRecordsBringOne() {
        assertThat(problems("discovery: { dns: { name: a } }"))
                .containsExactly("pools[0].discovery.dns: addresses bring no port; write port, too");
        assertThat(problems("discovery: { dns: { name: a, records: srv, port: 1 } }"))
                .containsExactly("pools[0].discovery.dns.port: SRV records tell the ports; leave it out");
        assertThat(
                        problems(
                                "discovery: { dns: { name: \"a b\", port: 1, nameServers: [\"::1\", 10.0.0.1:53, ns, 10.0.0.256] } }"))
                .containsExactly(
                        "pools[0].discovery.dns.name: \"a b\" is not a host name",
                        "pools[0].discovery.dns.nameServers[2]: \"ns\" is not an address; write one such as 10.96.0.10,"
                                + " 10.96.0.10:53 or [fd00::10]:53",
                        "pools[0].discovery.dns.nameServers[3]: \"10.0.0.256\" is not an address; write one such as"
                                + " 10.96.0.10, 10.96.0.10:53 or [fd00::10]:53");
    }

    @Test
    void podsAreFoundByServiceOrBySelector() {
        String both = "pools[0].discovery.kubernetes: needs exactly one of service and selector";
        assertThat(problems("discovery: { kubernetes: { port: http } }")).containsExactly(both);
        assertThat(problems("discovery: { kubernetes: { port: http, service: a, selector: b=c } }"))
                .containsExactly(both);
        assertThat(problems("discovery: { kubernetes: { port: HTTP, service: a, labels: { model: m } } }"))
                .containsExactly(
                        "pools[0].discovery.kubernetes.port: \"HTTP\" is not a port; write its number, or its name in"
                                + " lower case with at most 15 characters",
                        "pools[0].discovery.kubernetes.labels: EndpointSlices have no labels of pods; write selector in"
                                + " place of service");
    }

    @Test
    void tlsNeedsAnEngineThatMayBeSpokenToByIt() {
        assertThat(problems("tls: { ca: f }, discovery: { dns: { name: a, port: 1 } }"))
                .containsExactly(
                        "pools[0].tls: no engine of this pool is spoken to over TLS; write scheme: https in its"
                                + " discovery");
        assertThat(problems("tls: { ca: f }, discovery: { dns: { name: a, port: 1, scheme: https } }"))
                .isEmpty();
        assertThat(problems("tls: { ca: f }, discovery: { file: f }")).isEmpty();
    }

    @Test
    void eachGroupOfADisaggregatedPoolHasItsEnginesFromOnePlace() {
        String how = "disaggregation: { protocol: vllm-nixl }, ";
        assertThat(problems(how
                        + "prefill: { discovery: { kubernetes: { selector: role=p, port: http } } },"
                        + " decode: { discovery: { file: f } }"))
                .isEmpty();
        assertThat(problems(how + "prefill: { engines: [http://a:1], discovery: { file: f } }, decode: { }"))
                .containsExactly(
                        "pools[0].prefill.discovery: engines are listed already; write either engines or discovery",
                        "pools[0].decode.engines: needs at least one engine; or write discovery, to have them found");
        assertThat(
                        problems(
                                how
                                        + "discovery: { file: h }, prefill: { discovery: { file: f } }, decode: { discovery: { file: g } }"))
                .containsExactly("pools[0].discovery: the engines of a disaggregated pool stand in prefill and decode");
        assertThat(problems(how + "prefill: { discovery: { file: f } }, decode: { discovery: { file: f } }"))
                .containsExactly(
                        "pools[0].decode.discovery: finds the same engines as prefill; select those that decode");
        assertThat(problems(how + "prefill: { discovery: { } }, decode: { discovery: { file: f } }"))
                .containsExactly("pools[0].prefill.discovery: needs exactly one of file, dns and kubernetes");
    }

    @Test
    void theGroupsOfADisaggregatedPoolAreFoundEachForItself() {
        RouterConfig config = Yaml.load("pools: [{ name: p, disaggregation: { protocol: vllm-nixl },"
                + " prefill: { discovery: { file: f } }, decode: { engines: [http://a:1] } }]");
        assertThat(config.groups())
                .extracting(PoolConfig::name, PoolConfig::discovery)
                .containsExactly(tuple("p", null), tuple("p/prefill", new DiscoveryConfig("f", null, null)));
    }
}
