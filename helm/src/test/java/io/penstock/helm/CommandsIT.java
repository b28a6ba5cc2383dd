package io.penstock.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.router.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the containers are told to run, given to Penstock's own command line in a JVM of its own. */
final class CommandsIT {

    /** An option that stops every command before it does anything, and what is said if nothing else is wrong. */
    private static final String NOBODYS = "--nobodys-option";

    private static final String ONLY_NOBODYS = "Unknown option: '" + NOBODYS + "'";

    private record Run(int code, String output) {}

    private final Chart chart = new Chart();

    @ParameterizedTest
    @MethodSource("valuesFiles")
    void everyContainersCommandIsOneThatPenstockTakes(Path values) throws Exception {
        List<JsonNode> deployments = chart.render(values).ofKind("Deployment").toList();
        for (JsonNode deployment : deployments) {
            List<String> arguments = new ArrayList<>();
            deployment
                    .at("/spec/template/spec/containers/0/args")
                    .forEach(argument -> arguments.add(argument.asText()));
            assertThat(arguments).isNotEmpty();
            assertThat(penstock(arguments, NOBODYS).output())
                    .as(String.join(" ", arguments))
                    .contains(ONLY_NOBODYS);
        }
    }

    @Test
    void aCommandThatPenstockDoesNotTakeIsNoticed() throws Exception {
        assertThat(penstock(List.of("simulate", "--cuont=3"), NOBODYS).output()).doesNotContain(ONLY_NOBODYS);
        assertThat(penstock(List.of("simulate", "--count=three"), NOBODYS).output())
                .doesNotContain(ONLY_NOBODYS);
    }

    /** Those of the examples whose files need no secret to be there. */
    @ParameterizedTest
    @ValueSource(strings = {"penstock/values.yaml", "examples/simulated-engines/values.yaml"})
    void penstockItselfChecksTheRouteFile(String values, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(file, chart.render(Chart.folder().resolve(values)).routeFile());
        assertThat(penstock(List.of("check"), file.toString()).code()).isZero();
        Files.writeString(file, "sever: {}\n");
        assertThat(penstock(List.of("check"), file.toString()).code()).isEqualTo(2);
    }

    static List<Path> valuesFiles() throws IOException {
        return Chart.valuesFiles();
    }

    /** Penstock, called so. */
    private static Run penstock(List<String> arguments, String last) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = Stream.of(
                        Stream.of(java, "-cp", System.getProperty("java.class.path"), Main.class.getName()),
                        arguments.stream(),
                        Stream.of(last))
                .flatMap(part -> part)
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Run(process.waitFor(), output);
        } finally {
            process.destroyForcibly();
        }
    }
}
