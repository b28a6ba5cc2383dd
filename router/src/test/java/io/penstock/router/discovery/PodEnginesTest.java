package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pods are engines. */
final class PodEnginesTest {

    private static PodEngines engines(String port, Map<String, String> labels) {
        return new PodEngines(
                new KubernetesConfig(null, "app=vllm", List.of(), port, Scheme.HTTP, labels, Duration.ofMinutes(2)));
    }

    private static PodBuilder pod(String ip, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .addNewPort()
                .withName("http")
                .withContainerPort(8000)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP(ip)
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus();
    }

    private static Pod terminating(String ip) {
        return pod(ip, true)
                .editMetadata()
                .withDeletionTimestamp("2026-11-21T00:00:00Z")
                .endMetadata()
                .build();
    }

    private static List<String> urls(FoundEngines found) {
        return found.engines().stream().map(EngineConfig::url).toList();
    }

    @Test
    void readyPodsAreEnginesInOneOrderAndTheOthersAreWithheld() {
        FoundEngines found = engines("http", Map.of())
                .of(List.of(
                        pod("10.0.0.2", true).build(),
                        pod("fd00::1", true).build(),
                        pod("10.0.0.1", true).build(),
                        pod("10.0.0.3", false).build(),
                        terminating("10.0.0.4"),
                        pod("10.0.0.5", false)
                                .editStatus()
                                .withPhase("Succeeded")
                                .endStatus()
                                .build()));
        assertThat(urls(found))
                .containsExactly("http://10.0.0.1:8000", "http://10.0.0.2:8000", "http://[fd00::1]:8000");
        assertThat(found.withheld()).isEqualTo(2);
    }

    @Test
    void aPodWithoutAStatusIsWithheld() {
        Pod fresh = new PodBuilder().withNewMetadata().endMetadata().build();
        assertThat(engines("http", Map.of()).of(List.of(fresh))).isEqualTo(new FoundEngines(List.of(), 1, null));
    }

    @Test
    void aNumberedPortNeedsNoName() {
        assertThat(urls(engines("9000", Map.of())
                        .of(List.of(pod("10.0.0.1", true).build()))))
                .containsExactly("http://10.0.0.1:9000");
    }

    @Test
    void aSidecarMayHaveThePort() {
        Pod pod = pod("10.0.0.1", true)
                .editSpec()
                .addNewInitContainer()
                .withRestartPolicy("Always")
                .addNewPort()
                .withName("proxy")
                .withContainerPort(8200)
                .endPort()
                .endInitContainer()
                .addNewInitContainer()
                .addNewPort()
                .withName("once")
                .withContainerPort(8300)
                .endPort()
                .endInitContainer()
                .endSpec()
                .build();
        assertThat(urls(engines("proxy", Map.of()).of(List.of(pod)))).containsExactly("http://10.0.0.1:8200");
        assertThatThrownBy(() -> engines("once", Map.of()).of(List.of(pod))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPortThatNoReadyPodHasIsAProblemAndNotTheEndOfAllEngines() {
        PodEngines engines = engines("grpc", Map.of());
        assertThatThrownBy(() -> engines.of(List.of(pod("10.0.0.1", true).build())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no ready pod has a port named grpc");
        assertThat(engines.of(List.of(pod("10.0.0.1", false).build())).withheld())
                .isEqualTo(1);
    }

    @Test
    void labelsAreThoseWithThePrefixTheZoneAndTheConfiguredOnes() {
        Pod pod = pod("10.0.0.1", true)
                .editMetadata()
                .addToLabels("penstock.io/role", "decode")
                .addToLabels("topology.kubernetes.io/zone", "eu-1a")
                .addToLabels("app.kubernetes.io/name", "qwen")
                .addToLabels("app", "vllm")
                .endMetadata()
                .build();
        Map<String, String> wanted = Map.of("model", "app.kubernetes.io/name", "none", "not-there");
        assertThat(engines("http", wanted).of(List.of(pod)).engines().get(0).labels())
                .containsExactlyInAnyOrderEntriesOf(Map.of("role", "decode", "zone", "eu-1a", "model", "qwen"));
    }
}
