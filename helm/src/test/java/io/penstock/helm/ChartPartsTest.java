package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parts of a release are: who reaches it and how, how it scales and rolls out, what it may and where its files are. */
final class ChartPartsTest {

    private final Chart chart = new Chart();

    @Test
    void withoutDiscoveryThereAreNoRightsAndNoToken() {
        Manifests rendered = chart.render("{}");
        assertThat(rendered.has("Role")).isFalse();
        assertThat(rendered.routerPod().path("automountServiceAccountToken").asBoolean(true))
                .isFalse();
    }

    @Test
    void aPoolThatIsFoundMayReadWhatItAsksForInItsNamespacesAndNothingElse() {
        Manifests rendered = chart.render("""
                config:
                  pools:
                    - { name: a, discovery: { kubernetes: { service: vllm, port: http, namespaces: [a, b] } } }
                    - name: b
                      prefill: { discovery: { kubernetes: { selector: role=prefill, port: http, namespaces: [b] } } }
                      decode: { discovery: { kubernetes: { selector: role=decode, port: http } } }
                      disaggregation: { protocol: vllm-nixl }
                """);
        assertThat(rights(rendered))
                .containsOnly(
                        entry("a", "[[endpointslices]]"),
                        entry("b", "[[endpointslices], [pods]]"),
                        entry(Chart.NAMESPACE, "[[pods]]"));
        assertThat(rendered.ofKind("RoleBinding"))
                .hasSize(3)
                .allSatisfy(binding ->
                        assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE));
        assertThat(rendered.has("ClusterRole")).isFalse();
        assertThat(rendered.routerPod().path("automountServiceAccountToken").asBoolean())
                .isTrue();
    }

    @Test
    void whatAnExistingConfigMapNeedsIsSaidByValues() {
        Manifests rendered = chart.render("""
                existingConfigMap: { name: routes }
                discovery: { kubernetes: { enabled: true, namespaces: [a] } }
                """);
        assertThat(rights(rendered)).containsOnly(entry("a", "[[endpointslices], [pods]]"));
        assertThat(rendered.routerPod().path("automountServiceAccountToken").asBoolean())
                .isTrue();
    }

    /** What may be listed and watched, by namespace. */
    private static Map<String, String> rights(Manifests rendered) {
        Map<String, String> rights = new TreeMap<>();
        rendered.ofKind("Role").forEach(role -> {
            assertThat(role.findValues("verbs"))
                    .allMatch(verbs -> verbs.toString().equals("[\"list\",\"watch\"]"));
            rights.put(
                    role.at("/metadata/namespace").asText(),
                    role.findValues("resources").toString().replace("\"", ""));
        });
        return rights;
    }

    @Test
    void theRouterIsToldTheZoneOfItsPod() {
        assertThat(Manifests.values(chart.render("{}").routerContainer().path("env"), "fieldPath"))
                .containsExactly("metadata.labels['topology.kubernetes.io/zone']");
    }

    @Test
    void anIngressDoesNotBufferAndIsPatient() {
        JsonNode annotations = chart.render("ingress: { enabled: true }")
                .one("Ingress", "penstock")
                .at("/metadata/annotations");
        String nginx = "nginx.ingress.kubernetes.io/";
        assertThat(annotations.path(nginx + "proxy-buffering").asText()).isEqualTo("off");
        assertThat(annotations.path(nginx + "proxy-request-buffering").asText()).isEqualTo("off");
        assertThat(annotations.path(nginx + "proxy-read-timeout").asText()).isEqualTo("3600");
        String own = "ingress: { enabled: true, annotations: { nginx.ingress.kubernetes.io/proxy-body-size: 1m } }";
        assertThat(chart.render(own)
                        .one("Ingress", "penstock")
                        .at("/metadata/annotations")
                        .path(nginx + "proxy-body-size")
                        .asText())
                .isEqualTo("1m");
    }

    @Test
    void whoeverMayReachThePodsIsSaidByTheNetworkPolicy() {
        assertThat(chart.render("{}").has("NetworkPolicy")).isFalse();
        JsonNode open = networkPolicy("networkPolicy: { enabled: true }");
        assertThat(open.path("policyTypes").toString()).isEqualTo("[\"Ingress\"]");
        assertThat(open.at("/ingress/0/ports/0/port").asInt()).isEqualTo(8080);
        assertThat(open.at("/ingress/0").has("from")).isFalse();
        assertThat(open.at("/ingress/1/ports/0/port").asInt()).isEqualTo(9090);
        assertThat(open.at("/ingress/1/from").toString()).isEqualTo("[{\"podSelector\":{}}]");
        JsonNode closed = networkPolicy(
                "networkPolicy: { enabled: true, clients: [{ podSelector: { matchLabels: { a: b } } }], egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }] }\n"
                        + "simulatedEngines: { enabled: true }");
        assertThat(closed.at("/ingress/0/from/0/podSelector/matchLabels/a").asText())
                .isEqualTo("b");
        assertThat(closed.path("policyTypes").toString()).contains("Egress");
        assertThat(Manifests.values(closed.path("egress"), "port")).containsExactly("53", "53");
        assertThat(Manifests.values(closed.path("egress"), "app.kubernetes.io/component"))
                .containsExactly("simulated-engines");
        assertThat(Manifests.values(closed.path("egress"), "cidr")).containsExactly("10.0.0.0/8");
    }

    @ParameterizedTest
    @CsvSource({"cpu, Resource, /resource/name, cpu", "inFlight, Pods, /pods/metric/name, penstock_requests_in_flight"})
    void aReleaseScalesByCpuOrByItsStreams(String metric, String type, String place, String name) {
        JsonNode scaler = chart.render("autoscaling: { enabled: true, metric: " + metric + " }")
                .one("HorizontalPodAutoscaler", "penstock");
        assertThat(scaler.at("/spec/metrics/0/type").asText()).isEqualTo(type);
        assertThat(scaler.at("/spec/metrics/0" + place).asText()).isEqualTo(name);
        assertThat(scaler.at("/spec/behavior/scaleDown/policies/0/value").asInt())
                .isEqualTo(1);
    }

    @Test
    void aRolloutTakesNoRouterAwayBeforeItsSuccessorIsReady() {
        JsonNode deployment = chart.render("{}").router().path("spec");
        assertThat(deployment.at("/strategy/rollingUpdate/maxUnavailable").asInt(-1))
                .isZero();
        JsonNode container = deployment.at("/template/spec/containers/0");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/livez");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
        assertThat(container.at("/lifecycle/preStop/sleep/seconds").asInt()).isEqualTo(5);
        assertThat(Manifests.values(deployment.at("/template/spec/topologySpreadConstraints"), "topologyKey"))
                .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
    }

    @Test
    void aGatewayIsPatient() {
        JsonNode rule = chart.render("httpRoute: { enabled: true, parentRefs: [{ name: gate }] }")
                .one("HTTPRoute", "penstock")
                .at("/spec/rules/0");
        assertThat(rule.at("/timeouts/request").asText()).isEqualTo("1h");
        assertThat(rule.at("/timeouts/backendRequest").asText()).isEqualTo("1h");
    }

    @Test
    void secretsAndVolumesOfOnesOwnAreWhereTheConfigurationLooksForThem() {
        JsonNode pod = chart.render("""
                        secrets: { existing: [keys], files: { engine-key: k } }
                        extraVolumes: [{ name: tokenizers, persistentVolumeClaim: { claimName: t } }]
                        extraVolumeMounts: [{ name: tokenizers, mountPath: /models, readOnly: true }]
                        """).routerPod();
        assertThat(Manifests.values(pod.at("/containers/0/volumeMounts"), "mountPath"))
                .containsExactly("/etc/penstock/config", "/tmp", "/etc/penstock/secrets", "/models");
        assertThat(pod.at("/volumes/2/projected/sources/0/secret/name").asText())
                .isEqualTo("keys");
        assertThat(pod.at("/volumes/2/projected/sources/1/secret/name").asText())
                .endsWith("-files");
        assertThat(pod.at("/volumes/3/persistentVolumeClaim/claimName").asText())
                .isEqualTo("t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"annotations", "serviceMonitor", "none"})
    void routersAreScrapedInOneWay(String scrape) {
        Manifests rendered = chart.render("metrics: { scrape: " + scrape + " }");
        JsonNode annotations = rendered.router().at("/spec/template/metadata/annotations");
        assertThat(annotations.has("prometheus.io/scrape")).isEqualTo(scrape.equals("annotations"));
        assertThat(rendered.has("ServiceMonitor")).isEqualTo(scrape.equals("serviceMonitor"));
    }

    @Test
    void aScalingReleaseLeavesTheNumberOfReplicasAlone() {
        assertThat(chart.render("autoscaling: { enabled: true }")
                        .router()
                        .at("/spec")
                        .has("replicas"))
                .isFalse();
        assertThat(chart.render("replicas: 4").router().at("/spec/replicas").asInt())
                .isEqualTo(4);
    }

    @Test
    void simulatedEnginesStandWhereTheirExamplePointsTo() {
        Manifests rendered = chart.render(Chart.folder().resolve("examples/simulated-engines/values.yaml"));
        JsonNode service = rendered.one("Service", "-engines");
        List<String> urls = service.findValuesAsText("port").stream()
                .map(port -> "http://" + Manifests.name(service) + ":" + port)
                .toList();
        assertThat(urls)
                .hasSize(3)
                .allSatisfy(url -> assertThat(rendered.routeFile()).contains(url));
    }

    private JsonNode networkPolicy(String values) {
        return chart.render(values).one("NetworkPolicy", "penstock").path("spec");
    }
}
