package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/configuration.md to the records: a key, default or range that is missing or stale there fails here. */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    static Stream<Arguments> sections() {
        return Schema.sections().entrySet().stream().map(section -> Arguments.of(section.getKey(), section.getValue()));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @MethodSource("sections")
    void everyKeyStandsInTheTableOfItsSection(String path, Class<? extends Record> section) throws IOException {
        List<String> expected = new ArrayList<>();
        expected.add("| Key | Type | Default | Range | Meaning |");
        expected.add("| --- | --- | --- | --- | --- |");
        ConfigKey.of(section).forEach(key -> expected.add(row(key)));

        assertThat(table(heading(path)))
                .as("the table under '%s' should be%n%s%n", heading(path), String.join("\n", expected))
                .isEqualTo(expected);
    }

    @Test
    void thePageShowsTheExamplesThatAreTested() throws IOException {
        for (String example : List.of("smallest.yaml", "grown.yaml")) {
            String text = Files.readString(Path.of("..", "docs", "examples", example));
            assertThat(Files.readString(PAGE)).contains("```yaml\n" + text + "```");
        }
    }

    private static List<String> table(String heading) throws IOException {
        return Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("|"))
                .toList();
    }

    private static String heading(String path) {
        return path.isEmpty() ? "### The file" : "### `" + path + "`";
    }

    private static String row(ConfigKey key) {
        List<String> cells = List.of(
                "`" + key.name() + "`",
                key.shape().words(),
                defaultOf(key),
                range(key),
                key.key().value());
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String defaultOf(ConfigKey key) {
        if (key.required()) {
            return "**required**";
        }
        String written = key.key().defaultsTo();
        return written.isEmpty() ? "its keys' defaults" : written.equals("~") ? "not set" : "`" + written + "`";
    }

    private static String range(ConfigKey key) {
        String min = key.key().min();
        if (min.isEmpty()) {
            return "";
        }
        return key.shape() instanceof Shape.Items
                ? "at least " + min
                : "`" + min + "` to `" + key.key().max() + "`";
    }
}
