package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Violates the bounds of every key that has some, found by reflection, and tries the bounds themselves. */
class ConfigBoundsTest {

    /** For each section a file with a place for one more key in it. */
    private static final Map<String, String> FRAMES = Map.ofEntries(
            Map.entry("server", "server: {%s}\n" + Yaml.SMALLEST),
            Map.entry("server.tls", "server: {tls: {certificate: c, key: k, %s}}\n" + Yaml.SMALLEST),
            Map.entry("server.accessLog", "server: {accessLog: {%s}}\n" + Yaml.SMALLEST),
            Map.entry("server.tokenization", "server: {tokenization: {%s}}\n" + Yaml.SMALLEST),
            Map.entry("tokenizers[]", Yaml.SMALLEST + "tokenizers: [{name: a, type: engine, %s}]"),
            Map.entry("routes[].tokens", route("tokens")),
            Map.entry("connections", "connections: {%s}\n" + Yaml.SMALLEST),
            Map.entry("pools[].policy", pool("policy")),
            Map.entry("pools[].health", pool("health")),
            Map.entry("pools[].discovery.dns", "pools: [{name: chat, discovery: {dns: {name: a, %s}}}]"),
            Map.entry(
                    "pools[].discovery.kubernetes",
                    "pools: [{name: chat, discovery: {kubernetes: {service: a, port: 1, %s}}}]"),
            Map.entry("pools[].limits", pool("limits")),
            Map.entry("pools[].disaggregation", disaggregated("%s")),
            Map.entry("pools[].disaggregation.timeouts", disaggregated("timeouts: {%s}")),
            Map.entry("access.keys[]", Yaml.SMALLEST + "access: {keys: [{name: a, env: A, %s}]}"),
            Map.entry(
                    "access.jwt[]", Yaml.SMALLEST + "access: {jwt: [{name: a, issuer: i, audience: b, jwks: f, %s}]}"),
            Map.entry("sharedLimits", "sharedLimits: {url: 'redis://h', %s}\n" + Yaml.SMALLEST),
            Map.entry("tracing", "tracing: {endpoint: 'http://h:1/x', %s}\n" + Yaml.SMALLEST),
            Map.entry("routes[].to[]", Yaml.SMALLEST + "routes: [{to: [{pool: chat, weight: 1, %s}]}]"),
            Map.entry("routes[].timeouts", route("timeouts")),
            Map.entry("routes[].retries", route("retries")),
            Map.entry("routes[].streamInterval", route("streamInterval")),
            Map.entry(
                    "routes[].streamInterval.header",
                    Yaml.SMALLEST + "routes: [{to: [{pool: chat}], streamInterval: {header: {%s}}}]"),
            Map.entry("routes[].access", route("access")));

    static Stream<Arguments> boundedKeys() {
        return Schema.sections().entrySet().stream()
                .flatMap(section -> ConfigKey.of(section.getValue()).stream()
                        .filter(key -> key.shape() instanceof Shape.Scalar
                                && !key.key().min().isEmpty())
                        .map(key -> Arguments.of(section.getKey(), key.name(), key)));
    }

    @ParameterizedTest(name = "[{index}] {0}.{1}")
    @MethodSource("boundedKeys")
    void aValueOutsideItsBoundsIsRefusedWithBoth(String section, String name, ConfigKey key) {
        String min = key.key().min();
        String max = key.key().max();
        String below = beyond(key, min, -1);
        String above = beyond(key, max, 1);

        assertThat(problems(section, key, below))
                .anyMatch(problem -> min.equals("0s")
                        || min.equals("0B") // a duration or size below 0 has no form
                        || problem.contains(below + " is below the minimum " + min + "; the maximum is " + max));
        assertThat(problems(section, key, above))
                .anyMatch(problem ->
                        problem.contains(above + " is above the maximum " + max + "; the minimum is " + min));
    }

    @ParameterizedTest(name = "[{index}] {0}.{1}")
    @MethodSource("boundedKeys")
    void theBoundsThemselvesAreAllowed(String section, String name, ConfigKey key) {
        for (String bound : List.of(key.key().min(), key.key().max())) {
            assertThat(problems(section, key, bound))
                    .noneMatch(problem -> problem.contains("is below")
                            || problem.contains("is above")
                            || problem.contains(": needs "));
        }
    }

    @Test
    void everyNumberDurationAndSizeHasBothBounds() {
        assertThat(Schema.keys())
                .filteredOn(key -> key.shape() instanceof Shape.Scalar scalar
                        && scalar.type() != String.class
                        && scalar.type() != boolean.class
                        && !scalar.type().isEnum())
                .allMatch(key -> !key.key().min().isEmpty() && !key.key().max().isEmpty());
    }

    private static List<String> problems(String section, ConfigKey key, String value) {
        String frame = Objects.requireNonNull(FRAMES.get(section), () -> "no frame for " + section);
        String yaml = frame.formatted(key.name() + ": " + value);
        return Yaml.lines(key.name().equals("weight") ? yaml.replace("weight: 1, ", "") : yaml);
    }

    private static String beyond(ConfigKey key, String bound, int step) {
        Class<?> type = ((Shape.Scalar) key.shape()).type();
        Object value = ((Reading.Accepted) ScalarReader.read(type, bound, true)).value();
        if (value instanceof Duration duration) {
            return duration.toMillis() + step + "ms";
        }
        if (value instanceof ByteSize size) {
            return size.bytes() + step + "B";
        }
        return value instanceof Double number ? String.valueOf(number + step) : String.valueOf((int) value + step);
    }

    private static String pool(String section) {
        return "pools: [{name: chat, engines: [http://h:1], " + section + ": {%s}}]";
    }

    private static String disaggregated(String keys) {
        return "pools: [{name: chat, prefill: {engines: [http://p:1]}, decode: {engines: [http://d:1]},"
                + " disaggregation: {protocol: vllm-nixl, " + keys + "}}]";
    }

    private static String route(String section) {
        return Yaml.SMALLEST + "routes: [{to: [{pool: chat}], " + section + ": {%s}}]";
    }
}
