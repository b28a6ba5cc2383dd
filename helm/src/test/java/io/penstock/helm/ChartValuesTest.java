package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What single values do, and which ones are refused. */
final class ChartValuesTest {

    private static final String CHECKSUM = "/spec/template/metadata/annotations/penstock.io~1restart-checksum";

    private final Chart chart = new Chart();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replicaz: 3",
                "replicas: three",
                "replicas: -1",
                "image: { tag: 1.0 }",
                "image: { repository: '' }",
                "image: { pullPolicy: Sometimes }",
                "image: { digest: 'sha256:short' }",
                "config: { pools: [] }",
                "config: { pools: [{ engines: [] }] }",
                "config: { server: { port: '8080' } }",
                "config: { server: { drainTimeout: 30 } }",
                "secrets: { files: { 'a/b': c } }",
                "java: { heapPercent: 90 }",
                "java: { options: ['-Xmx1g -Xms1g'] }",
                "logLevel: loud",
                "resources: { limits: { memory: lots } }",
                "resources: { requests: { cpu: '2 cores' } }",
                "extraEnv: [{ name: A, value: 1 }]",
                "preStopSeconds: 5s",
                "maxSurge: 0",
                "service: { type: ExternalName }",
                "service: { port: 70000 }",
                "autoscaling: { metric: memory }",
                "ingress: { controller: apache }",
                "ingress: { timeoutSeconds: 0 }",
                "httpRoute: { timeout: forever }",
                "metrics: { scrape: sometimes }",
                "discovery: { kubernetes: { namespaces: [Not_A_Name] } }",
                "topologySpread: [{ topologyKey: zone }]",
                "podLabels: { a: 1 }",
                "simulatedEngines: { count: 0 }"
            })
    void theSchemaRefuses(String values) {
        assertThatThrownBy(() -> chart.render(values)).hasMessageContaining("values don't meet the specifications");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "terminationGracePeriodSeconds: 60 | streams would be killed",
                "{ configFile: 'pools: [', existingConfigMap: { name: '' } } | configFile is no YAML",
                "{ configFile: 'pools: []', existingConfigMap: { name: mine } } | which one holds",
                "autoscaling: { enabled: true, minReplicas: 5, maxReplicas: 3 } | maxReplicas is below",
                "{ autoscaling: { enabled: true }, resources: { requests: null } } | there is none",
                "httpRoute: { enabled: true } | names no gateway"
            })
    void aTemplateRefuses(String values, String words) {
        assertThatThrownBy(() -> chart.render(values)).hasMessageContaining(words);
    }

    @Test
    void onlyWhatARunningRouterDoesNotTakeReplacesPods() {
        String before = checksum("config: { server: { maxBody: 1MiB } }");
        assertThat(
                        checksum(
                                "config: { server: { maxBody: 1MiB, accessLog: 'on' }, routes: [], pools: [{ name: b, engines: [http://b:1] }] }"))
                .isEqualTo(before);
        assertThat(checksum("config: { server: { maxBody: 2MiB } }")).isNotEqualTo(before);
        assertThat(checksum("config: { server: { maxBody: 1MiB }, connections: { maxStreams: 64 } }"))
                .isNotEqualTo(before);
    }

    @Test
    void aFileGivenAsTextIsKeptWordByWordAndRead() {
        String file =
                "# mine\nserver: { port: 8181, drainTimeout: 1h }\npools: [{ name: a, engines: [http://a:1], models: [1.10] }]\n";
        Manifests rendered = chart.render("configFile: |\n" + file.indent(2));
        assertThat(rendered.routeFile()).isEqualTo(file);
        assertThat(rendered.routerContainer().at("/ports/0/containerPort").asInt())
                .isEqualTo(8181);
        assertThat(rendered.routerPod().path("terminationGracePeriodSeconds").asInt())
                .isEqualTo(5 + 5 + 3600 + 10);
    }

    @Test
    void aConfigMapOfOnesOwnTakesThePlaceOfTheCharts() {
        Manifests rendered = chart.render("existingConfigMap: { name: mine, key: routes.yaml }");
        assertThat(rendered.has("ConfigMap")).isFalse();
        assertThat(rendered.routerPod().at("/volumes/0/configMap/name").asText())
                .isEqualTo("mine");
        assertThat(rendered.routerContainer().at("/args/2").asText()).isEqualTo("/etc/penstock/config/routes.yaml");
        assertThat(rendered.router().at(CHECKSUM).isMissingNode()).isTrue();
    }

    @Test
    void aTlsSecretSwitchesTheDataPortToTlsUnlessTheConfigurationHasItsOwn() {
        Manifests rendered = chart.render("tls: { secretName: gate }");
        assertThat(rendered.routeFile()).contains("certificate: /etc/penstock/tls/tls.crt");
        assertThat(rendered.one("Service", "penstock").at("/spec/ports/0/port").asInt())
                .isEqualTo(443);
        String own = "tls: { secretName: gate }\nconfig: { server: { tls: { certificate: /a/b, key: /a/c } } }";
        assertThat(chart.render(own).routeFile()).contains("/a/b").doesNotContain("tls.crt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | -XX:MaxRAMPercentage=35 -XX:ActiveProcessorCount=2",
                "resources: { requests: { cpu: 250m } } | -XX:MaxRAMPercentage=35 -XX:ActiveProcessorCount=1",
                "resources: { requests: { cpu: 2.5 } } | -XX:MaxRAMPercentage=35 -XX:ActiveProcessorCount=3",
                "resources: { limits: { cpu: 4 } } | -XX:MaxRAMPercentage=35",
                "java: { processors: 6, heapPercent: 50 } | -XX:MaxRAMPercentage=50 -XX:ActiveProcessorCount=6",
                "resources: { requests: null, limits: null } | ''"
            })
    void theJvmsMemoryAndProcessorsAreTheContainers(String values, String options) {
        assertThat(chart.render(values).env("JDK_JAVA_OPTIONS")).isEqualTo(options);
    }

    @Test
    void withoutDiscoveryThereAreNoRightsAndNoToken() {
        Manifests rendered = chart.render("{}");
        assertThat(rendered.has("Role")).isFalse();
        assertThat(rendered.routerPod().path("automountServiceAccountToken").asBoolean(true))
                .isFalse();
    }

    @Test
    void discoveryMayReadEndpointSlicesAndPodsOfTheNamespacesAndNothingElse() {
        Manifests rendered = chart.render("discovery: { kubernetes: { enabled: true, namespaces: [a, b] } }");
        assertThat(rendered.ofKind("Role")
                        .map(role -> role.at("/metadata/namespace").asText()))
                .containsExactly("a", "b");
        assertThat(rendered.ofKind("Role")).allSatisfy(role -> {
            assertThat(role.findValues("resources").toString()).isEqualTo("[[\"endpointslices\"], [\"pods\"]]");
            assertThat(role.findValues("verbs"))
                    .allMatch(verbs -> verbs.toString().equals("[\"get\",\"list\",\"watch\"]"));
        });
        assertThat(rendered.ofKind("RoleBinding"))
                .allSatisfy(binding ->
                        assertThat(binding.at("/subjects/0/namespace").asText()).isEqualTo(Chart.NAMESPACE));
        assertThat(rendered.has("ClusterRole")).isFalse();
        assertThat(rendered.routerPod().path("automountServiceAccountToken").asBoolean())
                .isTrue();
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

    private String checksum(String values) {
        return chart.render(values).router().at(CHECKSUM).asText();
    }
}
