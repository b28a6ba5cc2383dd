package io.penstock.router.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;

/** Loads configurations in tests. */
final class Yaml {

    /** One pool and nothing else. */
    static final String SMALLEST = "pools: [{name: chat, engines: [http://h:1]}]\n";

    private Yaml() {}

    static RouterConfig load(String yaml) {
        try {
            return ConfigLoader.parse(yaml);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    static List<ConfigProblem> problems(String yaml) {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.parse(yaml));
        return refusal == null ? List.of() : refusal.problems();
    }

    /** The problems as {@code line:column key: message}. */
    static List<String> lines(String yaml) {
        return problems(yaml).stream()
                .map(problem -> ConfigReport.of("f", List.of(problem)).substring(2))
                .toList();
    }
}
