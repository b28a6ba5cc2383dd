package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FixedKeysTest {

    private static final RouterConfig RUNNING = Yaml.load(Yaml.SMALLEST);

    @Test
    void whatMayChangeIsNotNamed() {
        assertThat(FixedKeys.changed(RUNNING, RUNNING)).isEmpty();
        assertThat(FixedKeys.changed(RUNNING, Yaml.load("""
                server: { settleTime: 1s, drainTimeout: 1s, accessLog: on }
                pools: [{name: other, engines: [http://other:1], limits: {waiting: 3}}]
                routes: [{to: [{pool: other}], access: {keys: [a]}}]
                access: {keys: [{name: a, env: A}]}
                """))).isEmpty();
    }

    @Test
    void whatNeedsARestartIsNamedKeyByKey() {
        assertThat(FixedKeys.changed(RUNNING, Yaml.load("""
                server: { loops: 3, port: 1, maxBody: 1MiB, drainTimeout: 1s }
                connections: { maxStreams: 3 }
                """ + Yaml.SMALLEST)))
                .containsExactly("server.port", "server.loops", "server.maxBody", "connections.maxStreams");
    }

    @Test
    void ofTracingOnlyTheShareMayChange() {
        RouterConfig tracing = Yaml.load("tracing: {endpoint: 'http://h:1/x'}\n" + Yaml.SMALLEST);
        assertThat(FixedKeys.changed(RUNNING, tracing)).containsExactly("tracing");
        assertThat(FixedKeys.changed(
                        tracing,
                        Yaml.load("tracing: {endpoint: 'http://h:1/y', sampling: 0.5, serviceName: z}\n"
                                + Yaml.SMALLEST)))
                .containsExactly("tracing.endpoint", "tracing.serviceName");
    }

    @Test
    void theHashTellsValuesApartAndNothingElse() {
        RouterConfig commented = Yaml.load("# a comment\nserver: {port: 8080}\n" + Yaml.SMALLEST);
        assertThat(ConfigHash.of(commented)).isEqualTo(ConfigHash.of(RUNNING)).matches("[0-9a-f]{16}");
        assertThat(ConfigHash.of(Yaml.load("server: {port: 8081}\n" + Yaml.SMALLEST)))
                .isNotEqualTo(ConfigHash.of(RUNNING));
    }
}
