package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.FixedKeys;
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
                "secrets: { files: { 'a/b': c } }",
                "java: { heapPercent: 50 }",
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
                "httpRoute: { enabled: true } | names no gateway",
                "ingress: { enabled: true, controller: alb, timeoutSeconds: 7200 } | an ALB waits for 4000",
                "config: { server: { adminHost: 127.0.0.1 } } | no probe",
                "configFile: 'server: { host: localhost }' | nobody else reaches the pod"
            })
    void aTemplateRefuses(String values, String words) {
        assertThatThrownBy(() -> chart.render(values)).hasMessageContaining(words);
    }

    /** The router itself says which keys a running one does not take; all the others leave the pods alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "server: { accessLog: 'on' }",
                "server: { settleTime: 1s, drainTimeout: 10m }",
                "server: { maxBody: 2MiB }",
                "server: { tokenization: { threads: 3 } }",
                "server: { tls: { certificate: /a, key: /b } }",
                "connections: { maxStreams: 64 }",
                "pools: [{ name: b, engines: [http://b:1] }]",
                "routes: [{ name: b, to: [{ pool: default }] }]",
                "access: { keys: [{ name: a, env: KEY }] }",
                "tokenizers: [{ name: t, type: tiktoken, encoding: o200k_base }]",
                "tracing: { endpoint: 'http://b:4318/v1/traces' }",
                "tracing: { endpoint: 'http://a:4318/v1/traces', sampling: 0.5 }"
            })
    void onlyWhatARunningRouterDoesNotTakeReplacesPods(String change) throws ConfigException {
        Manifests before = chart.render("config: { tracing: { endpoint: 'http://a:4318/v1/traces' } }");
        Manifests after = chart.render("config:\n  tracing: { endpoint: 'http://a:4318/v1/traces' }\n  " + change);
        boolean taken = FixedKeys.changed(ConfigLoader.parse(before.routeFile()), ConfigLoader.parse(after.routeFile()))
                .isEmpty();
        assertThat(checksum(before).equals(checksum(after))).isEqualTo(taken);
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
                "java: { options: [-Xmx300m, -XX:+AlwaysPreTouch] } | -XX:MaxRAMPercentage=35 -XX:ActiveProcessorCount=2 -Xmx300m -XX:+AlwaysPreTouch",
                "java: { processors: 6, heapPercent: 45 } | -XX:MaxRAMPercentage=45 -XX:ActiveProcessorCount=6",
                "resources: { requests: null, limits: null } | ''"
            })
    void theJvmsMemoryAndProcessorsAreTheContainers(String values, String options) {
        assertThat(chart.render(values).env("JDK_JAVA_OPTIONS")).isEqualTo(options);
    }

    private static String checksum(Manifests rendered) {
        return rendered.router().at(CHECKSUM).asText();
    }
}
