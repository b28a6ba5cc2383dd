package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which endpoints of a Service are engines. */
final class SliceEnginesTest {

    private static SliceEngines engines(String port) {
        return new SliceEngines(
                new KubernetesConfig("vllm", null, List.of(), port, Scheme.HTTPS, Map.of(), Duration.ofMinutes(2)));
    }

    private static Endpoint endpoint(String address, @Nullable Boolean ready, @Nullable Boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .withTerminating(terminating)
                .endConditions()
                .withZone("eu-1a")
                .build();
    }

    private static EndpointSlice slice(String type, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withAddressType(type)
                .withEndpoints(endpoints)
                .withPorts(new EndpointPortBuilder()
                        .withName("http")
                        .withPort(8000)
                        .build())
                .build();
    }

    private static List<String> urls(FoundEngines found) {
        return found.engines().stream().map(EngineConfig::url).toList();
    }

    @Test
    void endpointsOfAllSlicesAreEnginesUnlessTheyAreNotReadyOrAboutToEnd() {
        FoundEngines found = engines("http")
                .of(List.of(
                        slice("IPv4", endpoint("10.0.0.2", true, false), endpoint("10.0.0.3", false, false)),
                        slice("IPv4", endpoint("10.0.0.1", null, null), endpoint("10.0.0.4", true, true)),
                        slice("IPv4", endpoint("10.0.0.2", true, false))));
        assertThat(urls(found)).containsExactly("https://10.0.0.1:8000", "https://10.0.0.2:8000");
        assertThat(found.withheld()).isEqualTo(2);
        assertThat(found.engines().get(0).labels()).containsExactly(Map.entry("zone", "eu-1a"));
    }

    @Test
    void aServiceWithAddressesOfBothKindsHasEachPodOnce() {
        EndpointSlice version6 = slice("IPv6", endpoint("fd00::1", true, false));
        assertThat(urls(engines("http").of(List.of(version6, slice("IPv4", endpoint("10.0.0.1", true, false))))))
                .containsExactly("https://10.0.0.1:8000");
        assertThat(urls(engines("http").of(List.of(version6)))).containsExactly("https://[fd00::1]:8000");
        assertThat(engines("http")
                        .of(List.of(version6, slice("IPv4", endpoint("10.0.0.1", false, true))))
                        .engines())
                .as("not ready by one kind of address is not ready by the other")
                .isEmpty();
    }

    @Test
    void podsThatLackThePortDoNotStandInTheWayOfTheOthers() {
        EndpointSlice portless = new EndpointSliceBuilder(slice("IPv4", endpoint("10.0.0.2", true, false)))
                .withPorts(List.of())
                .build();
        EndpointSlice numberless = new EndpointSliceBuilder(slice("IPv4", endpoint("10.0.0.3", true, false)))
                .withPorts(new EndpointPortBuilder().withName("http").build())
                .build();
        FoundEngines found =
                engines("http").of(List.of(portless, numberless, slice("IPv4", endpoint("10.0.0.1", true, false))));
        assertThat(urls(found)).containsExactly("https://10.0.0.1:8000");
        assertThat(found.withheld()).isEqualTo(2);
    }

    @Test
    void aPortIsANumberOrANameThatTheServiceHas() {
        List<EndpointSlice> slices = List.of(slice("IPv4", endpoint("10.0.0.1", true, false)));
        assertThat(urls(engines("9000").of(slices))).containsExactly("https://10.0.0.1:9000");
        assertThatThrownBy(() -> engines("grpc").of(slices))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("service vllm has no port named grpc");
    }
}
