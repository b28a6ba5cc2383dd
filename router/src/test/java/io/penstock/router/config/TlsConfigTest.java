package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsConfigTest {

    @TempDir
    private Path folder;

    @Test
    void aNetworkIsAnAddressAndBits() {
        assertThat(Yaml.lines("server: {trustedProxies: [10.0.0.0/8, 10.0.0.1/8, localhost]}\n" + Yaml.SMALLEST))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("1:39: server.trustedProxies[1]: \"10.0.0.1/8\" is not a network; write"),
                        line -> assertThat(line).startsWith("1:51: server.trustedProxies[2]: \"localhost\" is not"));
    }

    @Test
    void clientCertificatesNeedAuthoritiesAndAuthoritiesNeedToBeAskedFor() {
        assertThat(Yaml.lines("server: {tls: {certificate: c, key: k, clientCa: ca}}\n" + Yaml.SMALLEST))
                .containsExactly("1:50: server.tls.clientCa: no client is asked for a certificate; write"
                        + " clientAuth: required or clientAuth: optional, too");
        assertThat(Yaml.lines("server: {tls: {certificate: c, key: k, clientAuth: required}}\n" + Yaml.SMALLEST))
                .containsExactly("1:52: server.tls.clientAuth: needs clientCa, the authorities whose client"
                        + " certificates are believed");
    }

    @Test
    void tlsToEnginesNeedsAnEngineWithIt() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1], tls: {ca: x}}]"))
                .containsExactly("1:47: pools[0].tls: no engine of this pool is spoken to over TLS; write its address"
                        + " as https://host:port");
        assertThat(Yaml.lines("pools: [{name: a, engines: [https://h:1], tls: {serverName: a_b}}]"))
                .containsExactly("1:61: pools[0].tls.serverName: \"a_b\" is not a host name");
    }

    @Test
    void aFileThatIsNamedIsLookedAtWhenAFileIsLoaded() throws IOException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), """
                server:
                  tls: { certificate: /nowhere/tls.crt, key: /nowhere/tls.key }
                pools:
                  - name: a
                    engines: [https://h:1]
                    tls: { ca: /nowhere/ca.crt }
                """);
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file));
        assertThat(ConfigReport.of("penstock.yaml", refused.problems()))
                .isEqualTo("penstock.yaml:2:23: server.tls.certificate: \"/nowhere/tls.crt\": there is no such file\n"
                        + "penstock.yaml:6:16: pools[0].tls.ca: \"/nowhere/ca.crt\": there is no such file");
    }

    @Test
    void aFileThatIsNotNamedIsNotLookedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("penstock.yaml"), """
                server:
                  tls: { key: /nowhere/tls.key }
                pools: [{ name: a, engines: [http://h:1] }]
                """);
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file));
        assertThat(refused.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString()).contains("server.tls.certificate", "is required"));
    }
}
