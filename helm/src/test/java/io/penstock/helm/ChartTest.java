package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for each rendering of the chart: by default, for every example, and with every value set. */
final class ChartTest {

    private final Chart chart = new Chart();

    @Test
    void helmLintsTheChartStrictlyWithoutAWarning() {
        LintResult result = chart.lint();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyManifestIsOneTheApiTakes(Path values) {
        for (JsonNode manifest : chart.render(values).all()) {
            if (!ApiModel.WITHOUT_CLASSES.contains(manifest.path("kind").asText())) {
                assertThatCode(() -> ApiModel.read(manifest)).as("%s", manifest).doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engineManifests")
    void everyManifestOfAnExamplesEnginesIsOneTheApiTakes(Path file) {
        assertThat(Chart.documents(Chart.text(file)))
                .isNotEmpty()
                .allSatisfy(manifest ->
                        assertThatCode(() -> ApiModel.read(manifest)).doesNotThrowAnyException());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ apiVersion: apps/v1, kind: Deployment, spec: { replica: 1 } }",
                "{ apiVersion: apps/v1, kind: Deployment, spec: { replicas: \"1\" } }",
                "{ apiVersion: v1, kind: ConfigMap, data: { a: 1 } }",
                "{ apiVersion: v1, kind: ConfigMap, data: { a: true } }",
                "{ apiVersion: apps/v1, kind: Deployment, spec: { template: { spec: { containers: [{ name: a, port: [] }] } } } }"
            })
    void aManifestTheApiWouldRefuseIsNoticed(String manifest) {
        assertThatThrownBy(() -> ApiModel.read(Chart.documents(manifest).get(0)))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void theRouteFileIsOneThatPenstockTakes(Path values) throws ConfigException {
        Manifests rendered = chart.render(values);
        RouterConfig config = ConfigLoader.parse(rendered.routeFile());
        JsonNode ports = rendered.routerContainer().path("ports");
        assertThat(ports.at("/0/containerPort").asInt())
                .isEqualTo(config.server().port());
        assertThat(ports.at("/1/containerPort").asInt())
                .isEqualTo(config.server().adminPort());
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void aPodIsGivenLongerThanTheRouterTakesToEnd(Path values) throws ConfigException {
        Manifests rendered = chart.render(values);
        var server = ConfigLoader.parse(rendered.routeFile()).server();
        long needed = server.settleTime().plus(server.drainTimeout()).toSeconds()
                + rendered.routerContainer()
                        .at("/lifecycle/preStop/sleep/seconds")
                        .asInt();
        assertThat(rendered.routerPod().path("terminationGracePeriodSeconds").asLong())
                .isGreaterThanOrEqualTo(needed + 10);
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everySelectorFindsThePodsOfOneDeployment(Path values) {
        Manifests rendered = chart.render(values);
        List<JsonNode> deployments = rendered.ofKind("Deployment").toList();
        Stream<JsonNode> selectors = Stream.of(
                        rendered.ofKind("Service").map(service -> service.at("/spec/selector")),
                        rendered.ofKind("Deployment").map(it -> it.at("/spec/selector/matchLabels")),
                        rendered.ofKind("PodDisruptionBudget").map(it -> it.at("/spec/selector/matchLabels")),
                        rendered.ofKind("NetworkPolicy").map(it -> it.at("/spec/podSelector/matchLabels")))
                .flatMap(found -> found);
        assertThat(selectors)
                .isNotEmpty()
                .allSatisfy(selector -> assertThat(deployments)
                        .filteredOn(it -> hasAll(it.at("/spec/template/metadata/labels"), selector))
                        .hasSize(1));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyPortThatIsNamedIsThere(Path values) {
        Manifests rendered = chart.render(values);
        TreeSet<String> containerPorts = new TreeSet<>();
        rendered.ofKind("Deployment")
                .flatMap(it -> it.findValues("ports").stream())
                .forEach(ports -> containerPorts.addAll(Manifests.values(ports, "name")));
        rendered.ofKind("Deployment")
                .flatMap(it -> it.findValues("httpGet").stream())
                .forEach(probe ->
                        assertThat(containerPorts).contains(probe.path("port").asText()));
        rendered.ofKind("Service")
                .forEach(it -> assertThat(containerPorts).containsAll(Manifests.values(it, "targetPort")));
        rendered.ofKind("Ingress")
                .flatMap(it -> it.findValues("port").stream())
                .forEach(port ->
                        assertThat(containerPorts).contains(port.path("name").asText()));
        rendered.ofKind("ServiceMonitor")
                .forEach(it ->
                        assertThat(it.at("/spec/endpoints/0/port").asText()).isEqualTo("admin"));
        rendered.ofKind("HTTPRoute")
                .forEach(it -> assertThat(
                                it.at("/spec/rules/0/backendRefs/0/port").asInt())
                        .isEqualTo(rendered.one("Service", Manifests.name(rendered.router()))
                                .at("/spec/ports/0/port")
                                .asInt()));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyMountHasAVolumeAndEveryVolumeIsMounted(Path values) {
        JsonNode pod = chart.render(values).routerPod();
        assertThat(Manifests.values(pod.at("/containers/0/volumeMounts"), "name"))
                .hasSameElementsAs(names(pod.path("volumes")));
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyPodIsRestricted(Path values) {
        chart.render(values)
                .ofKind("Deployment")
                .map(it -> it.at("/spec/template/spec"))
                .forEach(pod -> {
                    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean())
                            .isTrue();
                    assertThat(pod.at("/securityContext/seccompProfile/type").asText())
                            .isEqualTo("RuntimeDefault");
                    JsonNode container = pod.at("/containers/0/securityContext");
                    assertThat(container.path("readOnlyRootFilesystem").asBoolean())
                            .isTrue();
                    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true))
                            .isFalse();
                    assertThat(container.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
                });
    }

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void namesAreUniqueAndShortEnough(Path values) {
        List<String> names = chart.render(values).all().stream()
                .map(it -> it.path("kind").asText() + " "
                        + it.at("/metadata/namespace").asText() + " " + Manifests.name(it))
                .toList();
        assertThat(names).doesNotHaveDuplicates();
        String longest = "a-release-with-a-name-of-more-than-sixty-three-letters-for-one-label";
        chart.render("fullnameOverride: " + longest + "\nsimulatedEngines: { enabled: true }\n")
                .all()
                .forEach(it -> assertThat(Manifests.name(it)).hasSizeLessThanOrEqualTo(63));
    }

    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    static List<Path> engineManifests() throws IOException {
        try (Stream<Path> files = Files.walk(Chart.folder().resolve("examples"))) {
            return files.filter(file -> file.endsWith("engines.yaml")).sorted().toList();
        }
    }

    private static List<String> names(JsonNode list) {
        return Stream.iterate(0, i -> i < list.size(), i -> i + 1)
                .map(i -> list.get(i).path("name").asText())
                .toList();
    }

    private static boolean hasAll(JsonNode labels, JsonNode selector) {
        for (Map.Entry<String, JsonNode> label : selector.properties()) {
            if (!label.getValue().equals(labels.path(label.getKey()))) {
                return false;
            }
        }
        return !selector.isEmpty();
    }
}
