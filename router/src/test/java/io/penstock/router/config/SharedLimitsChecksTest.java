package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SharedLimitsChecksTest {

    private static List<String> lines(String keys) {
        return Yaml.lines(Yaml.SMALLEST + "sharedLimits:\n  " + keys.replace("\n", "\n  ") + "\n");
    }

    @Test
    void theUrlIsAllThatIsNeeded() {
        SharedLimitsConfig shared = Objects.requireNonNull(
                Yaml.load(Yaml.SMALLEST + "sharedLimits: {url: 'redis://h'}").sharedLimits());
        assertThat(shared.timeout()).isEqualTo(Duration.ofMillis(50));
        assertThat(shared.keyPrefix()).isEqualTo("penstock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis:6379",
                "http://redis:6379",
                "redis://",
                "redis://:secret@h",
                "redis://me:secret@h:1/0",
                "redis://h/one",
                "redis://h/1/2",
                "redis://h?password=secret",
                "redis://a b"
            })
    void anythingButAPlainUrlOfRedisIsRefusedAndNotRepeated(String url) {
        assertThat(lines("url: \"" + url + "\""))
                .containsExactly(
                        "3:8: sharedLimits.url: is not a URL of Redis without user or query; write it as redis://host:6379,"
                                + " with the password in sharedLimits.password");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://h, false, h, 6379, 0, h:6379",
        "redis://h:1/, false, h, 1, 0, h:1",
        "REDISS://10.0.0.1:7000/12, true, 10.0.0.1, 7000, 12, 10.0.0.1:7000",
        "'redis://[fd00::1]:7000', false, fd00::1, 7000, 0, [fd00::1]:7000"
    })
    void aUrlIsTakenApart(String url, boolean tls, String host, int port, int database, String authority) {
        RedisAddress address = Objects.requireNonNull(RedisAddress.of(url));
        assertThat(address).isEqualTo(new RedisAddress(tls, host, port, database));
        assertThat(address.authority()).isEqualTo(authority);
    }

    @Test
    void whatDoesNotFitTogetherIsNamed() {
        assertThat(lines("url: redis://h\nca: ca.pem\nkeyPrefix: 'a b'\npassword: {env: A, file: b}"))
                .containsExactly(
                        "4:7: sharedLimits.ca: is of no use without TLS; write the url as rediss://",
                        "5:14: sharedLimits.keyPrefix: needs 1 to 64 visible ASCII characters without blanks",
                        "6:13: sharedLimits.password: has both env and file; the password comes from one place");
        assertThat(lines("url: rediss://h\nca: ca.pem\nusername: me"))
                .containsExactly("5:13: sharedLimits.username: needs a password: set sharedLimits.password");
    }

    @Test
    void theFilesAreThere(@TempDir Path folder) throws Exception {
        Path there = Files.writeString(folder.resolve("redis"), "secret");
        String yaml = Yaml.SMALLEST + "sharedLimits: {url: 'rediss://h', ca: %s, password: {file: %s}}";
        RouterConfig config = ConfigLoader.parseWithFiles(yaml.formatted(there, there));
        assertThat(EffectiveTree.of(config)).contains("file: " + there).doesNotContain("secret");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> ConfigLoader.parseWithFiles(yaml.formatted(none, none)))
                .hasMessageContaining("sharedLimits.ca")
                .hasMessageContaining("sharedLimits.password.file");
        assertThatThrownBy(() -> ConfigLoader.parseWithFiles(
                        Yaml.SMALLEST + "sharedLimits: {url: 'redis://h', password: {env: PENSTOCK_NO_SUCH}}"))
                .hasMessageContaining("is not set");
    }

    @Test
    void aChangeNeedsARestart() {
        RouterConfig running = Yaml.load(Yaml.SMALLEST);
        RouterConfig shared = Yaml.load("sharedLimits: {url: 'redis://h'}\n" + Yaml.SMALLEST);
        assertThat(FixedKeys.changed(running, shared)).containsExactly("sharedLimits");
        assertThat(FixedKeys.changed(shared, Yaml.load("sharedLimits: {url: 'redis://g'}\n" + Yaml.SMALLEST)))
                .containsExactly("sharedLimits.url");
    }
}
