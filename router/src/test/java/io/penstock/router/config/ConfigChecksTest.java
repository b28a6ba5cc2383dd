package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigChecksTest {

    @Test
    void theAdminPortIsNotTheDataPort() {
        assertThat(Yaml.lines("server: {port: 80, adminPort: 80}\n" + Yaml.SMALLEST))
                .containsExactly(
                        "1:31: server.adminPort: 80 is the data port already; give the admin port another one");
        assertThat(Yaml.lines("server: {port: 9090}\n" + Yaml.SMALLEST))
                .containsExactly(
                        "1:9: server.adminPort: 9090 is the data port already; give the admin port another one");
        assertThat(Yaml.lines("server: {port: 0, adminPort: 0}\n" + Yaml.SMALLEST))
                .isEmpty();
    }

    @Test
    void poolNamesAreUnique() {
        assertThat(Yaml.lines("""
                pools:
                  - {name: a, engines: [http://h:1]}
                  - {name: a, engines: [http://h:2]}
                """))
                .containsExactly("3:12: pools[1].name: \"a\" is given twice; the first is pools[0].name");
    }

    @Test
    void routeNamesAreUniqueGivenOrNumbered() {
        assertThat(Yaml.lines(Yaml.SMALLEST + """
                routes:
                  - {name: route-2, to: [{pool: chat}]}
                  - {to: [{pool: chat}]}
                """))
                .containsExactly("4:5: routes[1].name: \"route-2\" is given twice; the first is routes[0].name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "-a", "a/b", "é", "a."})
    void namesFitIntoMetricsAndLogs(String name) {
        assertThat(Yaml.lines("pools: [{name: \"" + name + "\", engines: [http://h:1]}]"))
                .singleElement()
                .asString()
                .contains("is not a name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://h:1/|has a path or query, but engines get the client's own path; write https://h:1",
                "https://h|has no port; write http://host:port or https://host:port",
                "http://h:1/|has a path or query, but engines get the client's own path; write http://h:1",
                "http://h:1/v1|has a path or query",
                "http://h:1?x=1|has a path or query",
                "http://h|has no port; write http://host:port",
                "http://h:0|is not an engine's address",
                "http://h:65536|is not an engine's address",
                "http://h:|has no port",
                "http://:80|is not an engine's address",
                "http://-h:80|is not an engine's address",
                "http://h h:80|is not an engine's address",
                "h:8000|is not an engine's address; write http://host:port or https://host:port",
                "ftp://h:8000|is not an engine's address",
                "http://|has no port",
            })
    void anEngineIsHttpHostAndPort(String url, String problem) {
        assertThat(Yaml.lines("pools: [{name: a, engines: [\"" + url + "\"]}]"))
                .singleElement()
                .asString()
                .startsWith("1:29: pools[0].engines[0].url: \"" + url + "\" " + problem);
    }

    @Test
    void anEngineUrlWithAPasswordIsRefusedWithoutRepeatingIt() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://user:secret@h:1]}]"))
                .containsExactly(
                        "1:29: pools[0].engines[0].url: an engine's address has no user; write http://host:port or https://host:port, such as"
                                + " http://10.0.0.11:8000");
    }

    @Test
    void anEngineIsInAPoolOnce() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1, {url: http://H:1}]}]"))
                .containsExactly(
                        "1:47: pools[0].engines[1].url: \"h:1\" is given twice; the first is pools[0].engines[0].url");
    }

    @Test
    void modelsAreExactAndListedOnce() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1], models: [m, \"q*\", m]}]"))
                .containsExactly(
                        "1:54: pools[0].models[1]: \"q*\" must be one exact model name, without * or outer blanks",
                        "1:60: pools[0].models[2]: \"m\" is given twice; the first is pools[0].models[0]");
    }

    @Test
    void aModelOfTwoPoolsNeedsRoutesToBoth() {
        String pools = """
                pools:
                  - {name: a, engines: [http://h:1], models: [m]}
                  - {name: b, engines: [http://h:2], models: [m]}
                """;
        String problem =
                "3:47: pools[1].models[0]: pool \"a\" serves this model too; name it in one pool, or write routes"
                        + " to both pools";

        assertThat(Yaml.lines(pools)).containsExactly(problem);
        assertThat(Yaml.lines(pools + "routes: [{to: [{pool: a}]}]")).containsExactly(problem);
        assertThat(Yaml.lines(pools + "routes: [{to: [{pool: a}, {pool: b}]}]")).isEmpty();
    }

    @Test
    void theFallbackOfSessionIsNotSession() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1], policy: {fallback: session}}]"))
                .containsExactly(
                        "1:61: pools[0].policy.fallback: is for requests without a session, which session cannot place; allowed here: round-robin, least-requests, least-tokens,"
                                + " power-of-two");
    }

    @Test
    void theLongestEjectionIsNotShorterThanTheFirst() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1], health: {ejectFor: 2m}}]"))
                .containsExactly(
                        "1:50: pools[0].health.maxEjectFor: 1m is shorter than the first ejection, ejectFor 2m");
    }

    @Test
    void aProbePathIsAPath() {
        assertThat(Yaml.lines("pools: [{name: a, engines: [http://h:1], health: {path: health}}]"))
                .singleElement()
                .asString()
                .startsWith("1:57: pools[0].health.path: \"health\" is not a path");
    }

    @Test
    void aPoolNamedTwiceIsSuggestedOnce() {
        assertThat(Yaml.lines("""
                pools:
                  - { name: a, engines: [http://h:1] }
                  - { name: a, engines: [http://h:2] }
                routes: [{to: [{pool: aa}]}]
                """))
                .noneMatch(line -> line.contains("a, a"))
                .anyMatch(line -> line.contains("given twice"));
    }

    @Test
    void aRouteGoesToPoolsThatExist() {
        assertThat(Yaml.lines(Yaml.SMALLEST + "routes: [{to: [{pool: chatt}]}]"))
                .containsExactly(
                        "2:23: routes[0].to[0].pool: no pool is named \"chatt\"; there are: chat; did you mean chat?");
    }

    @Test
    void aRouteGoesToEachPoolOnce() {
        assertThat(Yaml.lines(Yaml.SMALLEST + "routes: [{to: [{pool: chat}, {pool: chat}]}]"))
                .containsExactly(
                        "2:37: routes[0].to[1].pool: \"chat\" is given twice; the first is routes[0].to[0].pool");
    }

    @Test
    void someWeightIsAboveZero() {
        assertThat(Yaml.lines(Yaml.SMALLEST + "routes: [{to: [{pool: chat, weight: 0}]}]"))
                .containsExactly("2:15: routes[0].to: every weight is 0; at least one pool needs a weight above 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/chat", "/v1/chat?x=1", "/v1/ä", "/a b"})
    void aMatchedPathIsAPath(String path) {
        assertThat(Yaml.lines(route("match: {path: \"" + path + "\"}")))
                .singleElement()
                .asString()
                .startsWith("2:45: routes[0].match.path: \"" + path + "\" is not a path");
    }

    @Test
    void headerNamesAreTokensAndGivenOnce() {
        assertThat(Yaml.lines(
                        route("match: {headers: {x y: a, X-A: b, x-a: c}}, session: {headers: [x-s, X_S, 'a:']}")))
                .containsExactly(
                        "2:54: routes[0].match.headers.x y: \"x y\" is not a header name",
                        "2:70: routes[0].match.headers.x-a: \"x-a\" is given twice; the first is"
                                + " routes[0].match.headers.X-A",
                        "2:100: routes[0].session.headers[1]: \"x-s\" is given twice; the first is"
                                + " routes[0].session.headers[0]",
                        "2:105: routes[0].session.headers[2]: \"a:\" is not a header name");
    }

    @Test
    void sessionBodyFieldsAreNamesAndGivenOnce() {
        assertThat(Yaml.lines(route("session: {body: [a.b, a., user, user]}")))
                .containsExactly(
                        "2:53: routes[0].session.body[1]: \"a.\" is not a body field; write a name, or a.b for b within a",
                        "2:63: routes[0].session.body[3]: \"user\" is given twice; the first is routes[0].session.body[2]");
    }

    @Test
    void aRouteRenamesToOneModel() {
        assertThat(Yaml.lines(route("model: \"gpt-*\"")))
                .containsExactly(
                        "2:38: routes[0].model: \"gpt-*\" must be one exact model name, without * or outer blanks");
    }

    @Test
    void aRefusedKeyIsNotReportedAgainByTheChecks() {
        assertThat(Yaml.lines("""
                server: {port: 99999, adminPort: 0}
                pools: [{name: {}, engines: [http://h:1], policy: {fallback: x}, health: {ejectFor: 1}}]
                routes: [{name: [], to: [{pool: chat, weight: x}]}, {to: 1}]
                """)).hasSize(7);
    }

    private static String route(String keys) {
        return Yaml.SMALLEST + "routes: [{to: [{pool: chat}], " + keys + "}]";
    }
}
