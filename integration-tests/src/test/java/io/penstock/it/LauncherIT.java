package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package as a user has it: copied to another place, run by its launcher. */
final class LauncherIT {

    private static final Path BUILT = Path.of("..", "router", "target", "penstock");
    private static final String FROM_ARCHIVE = "io.penstock.router.Main source: shared objects file (top)";

    @TempDir
    private Path folder;

    private Path home = BUILT;

    @BeforeEach
    void copy() throws IOException {
        home = folder.resolve("elsewhere");
        try (Stream<Path> files = Files.walk(BUILT)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, home.resolve(BUILT.relativize(file).toString()));
            }
        }
        assertThat(home.resolve("bin/penstock").toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aCopyWorksAndPreparesItsOwnClassArchive() throws Exception {
        assertThat(run("", "--version")).contains("penstock ");
        assertThat(run("-Xlog:class+load", "--version")).doesNotContain(FROM_ARCHIVE);

        assertThat(run("", "prepare")).contains("penstock: made ");
        assertThat(run("-Xlog:class+load", "--version")).contains(FROM_ARCHIVE);
        try (Stream<Path> left = Files.list(home.resolve("lib"))) {
            assertThat(left.map(Path::toString)).allMatch(name -> name.endsWith(".jar") || name.endsWith(".jsa"));
        }
    }

    @Test
    void theYoungGenerationIsSmallUnlessTheCallerSizesTheHeap() throws Exception {
        assertThat(newSize("")).isEqualTo("33554432");
        assertThat(newSize("-Xmx200m")).isNotEqualTo("33554432");
        assertThat(newSize("-XX:MaxRAMPercentage=20")).isNotEqualTo("33554432");
    }

    private String newSize(String options) throws IOException, InterruptedException {
        return run(options + " -XX:+PrintFlagsFinal", "--version")
                .lines()
                .filter(line -> line.contains(" MaxNewSize "))
                .findFirst()
                .map(line -> line.replaceAll(".*= *(\\d+).*", "$1"))
                .orElseThrow();
    }

    private String run(String javaOptions, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(home.resolve("bin/penstock").toString()));
        line.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("PENSTOCK_JAVA_OPTS", javaOptions);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(output, UTF_8)).isZero();
            return Files.readString(output, UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }
}
