package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.router.config.PoolConfig.EngineConfig;
import io.penstock.router.config.PoolConfig.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    @Test
    void everyKindOfValueIsRead() {
        RouterConfig config = Yaml.load("""
                server: {host: localhost, port: 0, maxBody: 1GiB, drainTimeout: 0s, debugHeaders: true}
                pools:
                  - name: chat
                    engines: [{url: "http://H.example:80", protocol: h2c}, {url: 'http://[::1]:8000', protocol: ~}]
                    policy: {type: power-of-two, loadBound: 2}
                    health: {interval: 500ms, timeout: 10m}
                routes:
                  - match: {headers: {x-tier: gold*, x-shard: 010}}
                    to: [{pool: chat}]
                """);

        assertThat(config.server().maxBody()).isEqualTo(new ByteSize(1 << 30));
        assertThat(config.server().drainTimeout()).isEqualTo(Duration.ZERO);
        assertThat(config.server().debugHeaders()).isTrue();
        PoolConfig pool = config.pools().get(0);
        assertThat(pool.engines())
                .containsExactly(
                        new EngineConfig("http://H.example:80", Protocol.H2C, false),
                        new EngineConfig("http://[::1]:8000", null, false));
        assertThat(pool.policy().type()).isEqualTo(PolicyConfig.Type.POWER_OF_TWO);
        assertThat(pool.policy().loadBound()).isEqualTo(2.0);
        assertThat(pool.health().interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.routes().get(0).match().headers()).isEqualTo(Map.of("x-tier", "gold*", "x-shard", "010"));
    }

    @Test
    void anEngineMayBeWrittenAsItsUrlAndAPolicyAsItsType() {
        PoolConfig pool = Yaml.load("pools: [{name: p, engines: [http://H:1], policy: round-robin}]")
                .pools()
                .get(0);

        assertThat(pool.engines()).containsExactly(new EngineConfig("http://H:1", null, false));
        assertThat(pool.engines().get(0).host()).isEqualTo("h");
        assertThat(pool.engines().get(0).port()).isEqualTo(1);
        assertThat(pool.policy())
                .isEqualTo(new PolicyConfig(
                        PolicyConfig.Type.ROUND_ROBIN, 1.25, 8, PolicyConfig.Type.LEAST_REQUESTS, 100_000, 64));
    }

    @Test
    void oneEngineOutsideAListIsReportedWithTheFormsThatAnEngineHas() {
        assertThat(Yaml.lines("pools: [{name: a, engines: http://h:1}]"))
                .containsExactly(
                        "1:28: pools[0].engines: needs a list of sections with the keys url, protocol, drain, labels, or"
                                + " of url alone, found \"http://h:1\"");
    }

    @Test
    void theTreeCannotBeChanged() {
        RouterConfig config = Yaml.load(Yaml.SMALLEST);

        assertThatThrownBy(() -> config.pools().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aliasesStandForWhatTheyName() {
        RouterConfig config = Yaml.load("""
                pools:
                  - {name: a, engines: [http://h:1], health: &slow {interval: 10s}}
                  - {name: b, engines: [http://h:2], health: *slow}
                """);

        assertThat(config.pools().get(1).health().interval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anUnknownKeyIsReportedWhereItStandsWithTheAllowedOnes() {
        assertThat(Yaml.lines("""
                pools:
                  - name: chat
                    engines: [http://h:1]
                    policy:
                      load-bound: 2
                """))
                .containsExactly(
                        "5:7: pools[0].policy.load-bound: unknown key; allowed here: type, loadBound, spillAbove,"
                                + " fallback, spillMemory, requestTokens, sameZone; did you mean loadBound?");
    }

    @Test
    void aKeyOfAnotherSectionIsReportedWithThePlaceItBelongsTo() {
        assertThat(Yaml.lines("""
                pools:
                  - name: chat
                    engines: [http://h:1]
                    connections: { idleTimeout: 2s }
                    loadBound: 2
                adminPort: 1
                """))
                .containsExactly(
                        "4:5: pools[0].connections: unknown key; allowed here: name, engines, discovery, models, protocol, key, policy,"
                                + " health, limits, tls, tokenizer, prefill, decode, disaggregation; \"connections\" belongs at the"
                                + " top of the file",
                        "5:5: pools[0].loadBound: unknown key; allowed here: name, engines, discovery, models, protocol, key, policy,"
                                + " health, limits, tls, tokenizer, prefill, decode, disaggregation; \"loadBound\" belongs in pools[].policy"
                                + " or in pools[].prefill.policy or in pools[].decode.policy",
                        "6:1: adminPort: unknown key; allowed here: server, connections, pools, tokenizers, access, sharedLimits, tracing, routes; \"adminPort\""
                                + " belongs in server");
    }

    @Test
    void everyProblemOfAFileIsReportedAtItsOwnPlaceInTheOrderOfTheFile() {
        assertThat(Yaml.lines("""
                server:
                  port: 99999
                  prot: 8080
                  debugHeaders: yes
                pools:
                  - engines: [http://h:1, ftp://h:2]
                    policy: {loadBound: 0.5, type: sesion}
                  - name: chat
                    engines: []
                    health:
                routes:
                  - to: [{pool: chatt}]
                    timeouts: {connect: 5, connect: 1s}
                """))
                .containsExactly(
                        "2:9: server.port: 99999 is above the maximum 65535; the minimum is 0 (data port; 0 takes a free one)",
                        "3:3: server.prot: unknown key; allowed here: host, port, adminHost, adminPort, loops, maxBody,"
                                + " maxBufferedBodies, maxHeaders, maxRequestLine, maxHeaderFields, maxConnections,"
                                + " maxConnectionsPerAddress, maxRequestsPerConnection, maxConnectionAge, headerTimeout,"
                                + " bodyTimeout, writeTimeout, idleTimeout, maxStreams, settleTime, drainTimeout, zone,"
                                + " accessLog, debugHeaders, tls, proxyProtocol, trustedProxies, tokenization; did you mean port?",
                        "4:17: server.debugHeaders: needs true or false, found \"yes\"",
                        "6:5: pools[0].name: is required: the pool's name, unique; used in routes, metrics and logs",
                        "6:27: pools[0].engines[1].url: \"ftp://h:2\" is not an engine's address; write http://host:port or"
                                + " https://host:port, such as http://10.0.0.11:8000",
                        "7:25: pools[0].policy.loadBound: 0.5 is below the minimum 1.0; the maximum is 100.0 (session: a home"
                                + " with more than this times the mean load passes new requests to the next engine in rank)",
                        "7:36: pools[0].policy.type: \"sesion\" is not known; allowed here: round-robin, least-requests,"
                                + " least-tokens, power-of-two, session; did you mean session?",
                        "9:14: pools[1].engines: needs at least one engine; or write discovery, to have them found",
                        "10:12: pools[1].health: has no value; to take the default, leave the whole key out",
                        "13:25: routes[0].timeouts.connect: needs a duration, found \"5\"; write a whole number and ms, s, m"
                                + " or h, such as 500ms, 2s, 10m or 24h",
                        "13:28: routes[0].timeouts.connect: is written twice; the first is on line 13");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: []|1:9: server: needs a section with the keys host, port",
                "server: 8080|1:9: server: needs a section with the keys host, port",
                "server: {port: [1]}|1:16: server.port: needs a whole number, found a list",
                "server: {port: '80'}|1:16: server.port: needs a whole number, found \"80\"; write it without quotes",
                "server: {port: 80.5}|1:16: server.port: needs a whole number, found \"80.5\"",
                "server: {port: 0x50}|1:16: server.port: needs a whole number, found \"0x50\"",
                "server: {port: 1:20}|1:16: server.port: needs a whole number, found \"1:20\"",
                "server: {port: 010}|1:16: server.port: 010 is octal to some YAML readers and decimal to others",
                "server: {port: 99999999999}|1:16: server.port: 99999999999 is above the maximum 65535",
                "server: {port: 99999999999999999999}|1:16: server.port: needs a whole number",
                "server: {debugHeaders: True}|1:24: server.debugHeaders: needs true or false, found \"True\"",
                "server: {maxBody: 64MB}|1:19: server.maxBody: needs a size, found \"64MB\"; write a whole number and B, KiB",
                "server: {maxBody: 1024}|1:19: server.maxBody: needs a size, found \"1024\"",
                "server: {idleTimeout: 0}|1:23: server.idleTimeout: needs a duration, found \"0\"",
                "server: {idleTimeout: 1.5s}|1:23: server.idleTimeout: needs a duration, found \"1.5s\"",
                "server: {idleTimeout: 1d}|1:23: server.idleTimeout: needs a duration, found \"1d\"",
                "server: {host: ''}|1:16: server.host: must not be empty",
                "server: {host: \"a\\nb\"}|1:16: server.host: must be one line without control characters",
                "server: {host: {a: b}}|1:16: server.host: needs text, found a map",
                "server: {? [a] : b}|1:12: server: a key must be plain text",
                "server: {<<: {port: 1}}|1:10: server.<<: unknown key; allowed here: host, port",
                "server: !!map {port: 1}|1:9: the tag \"tag:yaml.org,2002:map\" is not supported",
                "server: {port: !!java.net.URL 1}|1:16: the tag \"tag:yaml.org,2002:java.net.URL\" is not supported",
                "routes: {to: chat}|1:9: routes: needs a list of sections with the keys name, match, to",
                "routes: chat|1:9: routes: needs a list of sections with the keys name, match, to",
            })
    void aWrongValueIsRefused(String yaml, String problem) {
        assertThat(Yaml.lines(yaml + "\n" + Yaml.SMALLEST))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[pools|1:1: is not valid YAML: expected ',' or ']', but got <stream end> while parsing a flow sequence",
                "a: [|1:4: is not valid YAML: expected the node content, but found '<stream end>'",
                "a: {b|1:4: is not valid YAML: expected ',' or '}', but got <stream end> while parsing a flow mapping",
                "a: \"b|1:4: is not valid YAML: found unexpected end of stream while scanning a quoted scalar",
                "a: b: c|1:5: is not valid YAML: mapping values are not allowed here",
                "a: *b|1:4: is not valid YAML: found undefined alias b",
                "a: *|1:4: is not valid YAML: unexpected character found ?(0)",
                "a: @b|1:4: is not valid YAML: found character '@' that cannot start any token",
            })
    void aSyntaxErrorIsReportedWhereItIs(String yaml, String problem) {
        assertThat(Yaml.lines(yaml)).singleElement().asString().startsWith(problem);
    }

    @Test
    void whatIsNotClosedIsReportedWhereItWasOpened() {
        assertThat(Yaml.lines("server: {port: 1}\npools: [\n\n"))
                .singleElement()
                .asString()
                .startsWith("2:8: ");
        assertThat(Yaml.lines("pools: [\nserver: {port: 1}\n"))
                .singleElement()
                .asString()
                .startsWith("1:8: ");
    }

    @Test
    void textThatStartsWithAStarWithoutQuotesIsExplained() {
        assertThat(Yaml.lines("routes: [{match: {model: *}}]"))
                .singleElement()
                .asString()
                .endsWith("needs quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "~"})
    void anEmptyFileLacksItsPools(String yaml) {
        assertThat(Yaml.lines(yaml))
                .containsExactly("1:1: pools: is required: groups of engines that serve the same models");
    }

    @Test
    void aFileThatIsNoMapIsRefused() {
        assertThat(Yaml.lines("- pools"))
                .containsExactly(
                        "1:1: needs a section with the keys server, connections, pools, tokenizers, access, sharedLimits, tracing, routes, found a list");
    }

    @Test
    void aSecondDocumentIsRefusedTogetherWithTheProblemsOfTheFirst() {
        assertThat(Yaml.lines("poools: []\n" + Yaml.SMALLEST + "---\n" + Yaml.SMALLEST))
                .containsExactly(
                        "1:1: poools: unknown key; allowed here: server, connections, pools, tokenizers, access, sharedLimits, tracing, routes; did you mean pools?",
                        "3:1: a second document starts here; a configuration is one document");
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 10; i++) {
            String aliases = String.join(", ", Collections.nCopies(10, "*a" + (i - 1)));
            bomb.append("a" + i + ": &a" + i + " [" + aliases + "]\n");
        }
        assertThat(Yaml.lines(bomb.toString()))
                .containsExactly("6:20: there are more than 100000 values, with every alias written out");
    }

    @Test
    void nestingWithoutEndIsRefused() {
        assertThat(Yaml.lines("[".repeat(100_000))).containsExactly("1:33: nesting is deeper than 32 levels");
    }

    @Test
    void aSectionThatContainsItselfIsRefused() {
        assertThat(Yaml.lines("&a {server: *a}")).containsExactly("1:13: the alias *a stands within what it names");
    }

    @Test
    void aProblemIsOneLineWhateverTheFileHolds() {
        assertThat(Yaml.lines("\"a\\nb\": 1\n" + Yaml.SMALLEST))
                .containsExactly(
                        "1:1: a?b: unknown key; allowed here: server, connections, pools, tokenizers, access, sharedLimits, tracing, routes");
    }

    @Test
    void aControlCharacterIsRefusedWhereItStands() {
        assertThat(Yaml.lines("pools:\n  😀\u0007"))
                .containsExactly("2:4: the character U+0007 is not allowed in YAML");
    }

    @Test
    void aHugeFileIsRefused() {
        assertThat(Yaml.lines("#".repeat((1 << 20) + 1)))
                .singleElement()
                .asString()
                .contains("larger than 1 MiB");
    }

    @Test
    void aFileIsReadAsUtf8(@TempDir Path folder) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "\uFEFF" + Yaml.SMALLEST);
        assertThat(ConfigLoader.load(file)).isEqualTo(Yaml.load(Yaml.SMALLEST));

        Files.write(file, new byte[] {'a', (byte) 0xff});
        assertThatThrownBy(() -> ConfigLoader.load(file)).hasMessageContaining("not UTF-8");
    }
}
