package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The router, or a simulated engine, in a process of its own, as it prints and ends. Threading: the test's thread. */
final class RunningProcess implements AutoCloseable {

    private static final Pattern PORTS =
            Pattern.compile("clients on 127\\.0\\.0\\.1:(\\d+), admin on 127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();

    private RunningProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "process-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs a command of the router. */
    static RunningProcess start(String... command) throws IOException {
        return start(List.of(), command);
    }

    /** The same, with SIGHUP ignored. */
    static RunningProcess startUnderNohup(String... command) throws IOException {
        return start(List.of("nohup"), command);
    }

    private static RunningProcess start(List<String> before, String... command) throws IOException {
        List<String> line = new ArrayList<>(before);
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.penstock.router.Main"));
        line.addAll(List.of(command));
        return new RunningProcess(
                new ProcessBuilder(line).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            output.lines().forEach(printed::add);
        } catch (IOException | UncheckedIOException e) {
            printed.add("the output broke off: " + e.getMessage());
        }
    }

    /** Waits until a line with this text was printed. */
    String awaitLine(String text) {
        await().alias(text).until(() -> printed.stream().anyMatch(line -> line.contains(text)) || !process.isAlive());
        return printed.stream()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not printed: " + text + "\n" + output()));
    }

    /** Waits until so many lines with this text were printed. */
    void awaitLines(String text, int count) {
        await().alias(count + " times: " + text)
                .until(() ->
                        printed.stream().filter(line -> line.contains(text)).count() >= count);
    }

    /** What was printed so far. */
    String output() {
        return String.join("\n", printed);
    }

    /** The port of clients (1) or of the administrator (2). */
    int port(int which) {
        Matcher ports = PORTS.matcher(awaitLine("clients on "));
        assertThat(ports.find()).isTrue();
        return Integer.parseInt(ports.group(which));
    }

    /** Sends a signal, such as {@code HUP}. */
    void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Waits for its end; returns the exit code. */
    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
