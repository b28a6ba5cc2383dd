package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigExamplesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/main/dist/conf/penstock.yaml",
                "../docs/examples/smallest.yaml",
                "../docs/examples/grown.yaml",
                "../docs/examples/access.yaml",
                "../docs/examples/tls.yaml",
                "../docs/examples/prefill-decode.yaml",
                "../docs/examples/tokens.yaml",
                "../docs/examples/shared-limits.yaml",
                "../docs/examples/full.yaml"
            })
    void everyExampleLoadsAndItsEffectiveTreeLoadsToTheSame(String file) throws Exception {
        RouterConfig config = ConfigLoader.parse(Files.readString(Path.of(file)));

        assertThat(ConfigLoader.parse(EffectiveTree.of(config))).isEqualTo(config);
    }

    @Test
    void theRoutesCommentedOutInThePackagedFileLoadToo() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("src/main/dist/conf/penstock.yaml"));
        int routes = lines.indexOf("# routes:");
        List<String> written = lines.subList(0, routes);
        List<String> uncommented = lines.subList(routes, lines.size()).stream()
                .map(line -> line.substring(2))
                .toList();

        assertThatCode(() -> ConfigLoader.parse(String.join("\n", written) + "\n" + String.join("\n", uncommented)))
                .doesNotThrowAnyException();
    }

    @Test
    void theFullExampleSetsEveryKeyToSomethingElseThanItsDefault() throws Exception {
        Set<String> changed = new HashSet<>();
        collect(ConfigLoader.parse(Files.readString(Path.of("../docs/examples/full.yaml"))), "", changed);
        // there is one Redis, and its password comes from one place: the other place has an example of its own
        Set<String> other = new HashSet<>();
        collect(ConfigLoader.parse(Files.readString(Path.of("../docs/examples/shared-limits.yaml"))), "", other);
        other.retainAll(Set.of("sharedLimits.password.env"));
        changed.addAll(other);

        Schema.sections()
                .forEach((path, type) -> assertThat(ConfigKey.of(type))
                        .allSatisfy(key -> assertThat(changed).contains(Entries.child(path, key.name()))));
    }

    private static void collect(Record section, String path, Set<String> changed) {
        for (ConfigKey key : ConfigKey.of(section.getClass())) {
            String at = Entries.child(path, key.name());
            Object value = key.valueIn(section);
            if (key.required() || !Objects.equals(value, Defaults.of(key))) {
                changed.add(at);
            }
            nested(value).forEach(item -> collect(item, key.shape() instanceof Shape.Items ? at + "[]" : at, changed));
        }
    }

    private static Collection<Record> nested(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().flatMap(item -> nested(item).stream()).toList();
        }
        return value instanceof Record section && !(value instanceof ByteSize) ? List.of(section) : List.of();
    }

    @Test
    void aMapKeepsTheOrderOfTheFile() {
        Map<String, String> headers = Yaml.load(
                        Yaml.SMALLEST + "routes: [{to: [{pool: chat}], match: {headers: {z: '1', a: '2', m: '3'}}}]")
                .routes()
                .get(0)
                .match()
                .headers();

        assertThat(headers.keySet()).containsExactly("z", "a", "m");
    }
}
