package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessChecksTest {

    private static final String HASH = "ab".repeat(32);

    @Test
    void aKeyComesFromOnePlace() {
        assertThat(Yaml.lines(Yaml.SMALLEST + """
                access:
                  keys:
                    - { name: a }
                    - { name: b, env: B, file: /b }
                """))
                .containsExactly(
                        "4:7: access.keys[0]: needs sha256, file or env",
                        "5:7: access.keys[1]: takes only one of sha256, file or env");
    }

    @Test
    void aHashIsCheckedAndNeverRepeated() {
        assertThat(Yaml.lines(Yaml.SMALLEST + "access: {keys: [{name: a, sha256: sk-my-secret-key}]}"))
                .singleElement()
                .asString()
                .startsWith("2:35: access.keys[0].sha256: is not a SHA-256")
                .doesNotContain("sk-my");
    }

    @Test
    void namesAreUniqueAmongKeysAndIssuersAndNoneIsAll() {
        assertThat(Yaml.lines(Yaml.SMALLEST + """
                access:
                  keys:
                    - { name: a, env: A }
                    - { name: all, env: B }
                  jwt:
                    - { name: a, issuer: i, audience: b, jwks: /f }
                """))
                .containsExactly(
                        "5:15: access.keys[1].name: \"all\" stands for every key in routes; choose another name",
                        "7:15: access.jwt[0].name: \"a\" is given twice; the first is access.keys[0].name");
    }

    @Test
    void oneHashIsOneKey() {
        assertThat(Yaml.lines(Yaml.SMALLEST + "access: {keys: [{name: a, sha256: " + HASH + "}, {name: b, sha256: "
                        + HASH.toUpperCase(java.util.Locale.ROOT) + "}]}"))
                .singleElement()
                .asString()
                .contains("access.keys[1].sha256: ", "is given twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{keys: [c]}|no key is named \"c\"; there are: a, all",
                "{jwt: c}|no issuer is named \"c\"; there are: corp",
                "{keys: [a, a]}|\"a\" is given twice",
                "{open: true, keys: [a]}|is for a route without keys and jwt",
                "{forwardAuthorization: true}|pool \"chat\" has a key of its own",
            })
    void aRouteNamesWhatThereIs(String access, String problem) {
        assertThat(Yaml.lines("pools: [{name: chat, engines: [http://h:1], key: {env: K}}]\n"
                        + "access: {keys: [{name: a, env: A}], jwt: [{name: corp, issuer: i, audience: b, jwks: /f}]}\n"
                        + "routes: [{to: [{pool: chat}], access: " + access + "}]"))
                .singleElement()
                .asString()
                .startsWith("3:")
                .contains("routes[0].access", problem);
    }

    @ParameterizedTest
    @CsvSource({"none", "HS256", "rs256", "EdDSA"})
    void onlyAlgorithmsWithAPublicKeyAreTaken(String algorithm) {
        assertThat(Yaml.lines(Yaml.SMALLEST + "access: {jwt: [{name: a, issuer: i, audience: b, jwks: /f, algorithms: ["
                        + algorithm + "]}]}"))
                .singleElement()
                .asString()
                .contains("access.jwt[0].algorithms[0]: \"" + algorithm + "\" is not taken; allowed here: RS256");
    }

    @Test
    void aFileToBeUsedNamesSecretsThatAreThere(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(file, """
                pools: [{name: chat, engines: [http://h:1], key: {env: PENSTOCK_TEST_NOT_SET}}]
                access:
                  keys:
                    - { name: a, file: /nowhere/a }
                  jwt:
                    - { name: corp, issuer: i, audience: b, jwks: /nowhere/jwks.json }
                """);

        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(file));

        assertThat(refusal.problems())
                .extracting(problem -> problem.line() + " " + problem.key() + " " + problem.message())
                .containsExactly(
                        "1 pools[0].key.env the environment variable \"PENSTOCK_TEST_NOT_SET\" is not set",
                        "4 access.keys[0].file the file \"/nowhere/a\" does not exist",
                        "6 access.jwt[0].jwks the file \"/nowhere/jwks.json\" does not exist");
    }
}
