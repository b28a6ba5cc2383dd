package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command that is told to end by SIGTERM has done its work: its exit code is 0, and not that of a crash. */
final class TerminationIT {

    @ParameterizedTest
    @CsvSource({
        "simulated engine, simulate --port 0",
        "ready,            serve --port 0 --engines http://127.0.0.1:1",
    })
    @Timeout(60)
    void sigtermEndsWith0(String runs, String command) throws IOException, InterruptedException {
        Process process = start(command);
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.contains(runs)) {
                line = output.readLine();
            }
            assertThat(line).as("it ended before it ran").isNotNull();
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String command) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.penstock.router.Main"));
        line.addAll(List.of(command.split(" ")));
        return new ProcessBuilder(line).redirectErrorStream(true).start();
    }
}
