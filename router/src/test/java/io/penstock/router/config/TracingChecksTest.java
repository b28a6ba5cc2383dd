package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TracingChecksTest {

    private static List<String> lines(String keys) {
        return Yaml.lines(Yaml.SMALLEST + "tracing:\n  " + keys.replace("\n", "\n  ") + "\n");
    }

    @Test
    void theEndpointIsAllThatIsNeeded() {
        TracingConfig tracing = Yaml.load(Yaml.SMALLEST + "tracing: {endpoint: 'http://c:4318/v1/traces'}")
                .tracing();

        assertThat(tracing).extracting(TracingConfig::sampling).isEqualTo(1.0);
        assertThat(tracing).extracting(TracingConfig::serviceName).isEqualTo("penstock");
        assertThat(lines("sampling: 0.5")).singleElement().asString().startsWith("3:3: tracing.endpoint: is required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "http://collector:4318",
                "http://collector:4318/",
                "ftp://collector/v1/traces",
                "http://me:secret@collector/v1/traces",
                "http://collector/v1/traces?key=secret",
                "http:///v1/traces",
                "http://a b/v1/traces"
            })
    void anEndpointIsAWholeUrlWithoutSecrets(String url) {
        assertThat(lines("endpoint: \"" + url + "\""))
                .containsExactly(
                        "3:13: tracing.endpoint: is not a URL with a path and without user or query; write it as"
                                + " http://host:4318/v1/traces");
    }

    @Test
    void authoritiesAreForTls() {
        assertThat(lines("endpoint: http://c/x\nca: ca.crt"))
                .containsExactly("4:7: tracing.ca: is of no use without TLS; write the endpoint as https://");
        assertThat(lines("endpoint: https://c/x\nca: ca.crt")).isEmpty();
    }

    @Test
    void theShareIsBetweenNoneAndAll() {
        assertThat(lines("endpoint: http://c/x\nsampling: 1.5"))
                .singleElement()
                .asString()
                .startsWith("4:13: tracing.sampling: 1.5 is above the maximum 1.0; the minimum is 0.0");
    }

    @Test
    void headersAreSoundAndNoSecrets() {
        assertThat(
                        lines(
                                "endpoint: http://c/x\nheaders:\n  a b: x\n  Authorization: Bearer x\n  content-type: x\n  y: é"))
                .containsExactly(
                        "5:10: tracing.headers.a b: \"a b\" is not a header name",
                        "6:20: tracing.headers.Authorization: is a secret, and this file is shown by penstock check; put it"
                                + " into headerFiles",
                        "7:19: tracing.headers.content-type: is set by the router itself",
                        "8:8: tracing.headers.y: has characters that no header value may have");
    }

    @Test
    void aHeaderComesFromOnePlace() {
        assertThat(lines("endpoint: http://c/x\nheaders: {X-Tenant: a}\nheaderFiles: {x-tenant: f}"))
                .containsExactly(
                        "5:27: tracing.headerFiles.x-tenant: \"x-tenant\" is given twice; the first is tracing.headers.X-Tenant");
    }

    @Test
    void theServiceHasOneName() {
        assertThat(lines("endpoint: http://c/x\nresource: {service.name: a}"))
                .containsExactly("4:28: tracing.resource.service.name: is what serviceName sets; write it there");
    }

    @Test
    void aSecretsFileIsThere(@TempDir Path folder) throws Exception {
        Path there = Files.writeString(folder.resolve("key"), "Bearer x");
        String yaml = Yaml.SMALLEST + "tracing: {endpoint: 'http://c/x', headerFiles: {authorization: %s}}";

        assertThat(ConfigLoader.parseWithFiles(yaml.formatted(there)).tracing()).isNotNull();
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> ConfigLoader.parseWithFiles(yaml.formatted(folder.resolve("none")))))
                .hasMessageContaining("does not exist");
    }
}
