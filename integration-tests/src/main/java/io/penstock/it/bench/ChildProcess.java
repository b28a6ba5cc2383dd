package io.penstock.it.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process this benchmark started and ends. Its output is read all the time, so that it never waits for us. Threading:
 * the main thread; a thread of its own reads the output.
 */
final class ChildProcess implements AutoCloseable {

    /** Read by the packaged router's launcher. */
    private static final String JAVA_OPTIONS = "PENSTOCK_JAVA_OPTS";

    private static final int KEPT_LINES = 200;
    private static final long STOP_SECONDS = 5;

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(KEPT_LINES);
    private final Thread endWithUs;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.endWithUs = new Thread(process::destroyForcibly, "end-" + name);
        Runtime.getRuntime().addShutdownHook(endWithUs);
        Thread reader = new Thread(this::read, "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts {@code command} with {@code javaOptions} in front of those that the caller of the benchmark set. */
    static ChildProcess start(String name, List<String> command, String javaOptions) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge(JAVA_OPTIONS, javaOptions, (callers, ours) -> ours + " " + callers);
        try {
            return new ChildProcess(name, builder.start());
        } catch (IOException e) {
            throw new BenchmarkException("cannot start " + command, e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                while (!lines.offer(line)) {
                    lines.poll();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            lines.offer("(no more output: " + e.getMessage() + ")");
        }
    }

    long pid() {
        return process.pid();
    }

    /** The first group of each of the next {@code count} lines that match, waited for. */
    List<String> await(Pattern wanted, int count) throws InterruptedException {
        List<String> found = new ArrayList<>();
        ArrayDeque<String> seen = new ArrayDeque<>();
        while (found.size() < count) {
            String line = lines.poll(STOP_SECONDS * 2, TimeUnit.SECONDS);
            if (line == null) {
                throw new BenchmarkException(name + " does not say what it should; it said: " + seen);
            }
            seen.add(line);
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }

    /** Lets a moment pass, unless the process ends in it. */
    void pause() throws InterruptedException {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
            throw new BenchmarkException(name + " ended with status " + process.exitValue() + "; it said: " + lines);
        }
    }

    /** Asks the process to end, and makes it. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(endWithUs);
    }
}
