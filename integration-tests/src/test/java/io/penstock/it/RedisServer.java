package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A real Redis in a process of its own, on a free port of the loopback, that keeps nothing. Threading: the test's thread. */
final class RedisServer implements AutoCloseable {

    static final String PASSWORD = "the-password-of-redis";

    private static final String PROGRAM = "/usr/bin/redis-server";

    private final List<String> line;
    private final int port;
    private @Nullable Process process;

    private RedisServer(int port, List<String> line) {
        this.port = port;
        this.line = line;
    }

    /** Starts one that asks for {@link #PASSWORD}. */
    static RedisServer start(Path folder) throws IOException {
        int port = freePort();
        RedisServer server = new RedisServer(port, line(folder, "--port", Integer.toString(port)));
        server.start();
        return server;
    }

    /** Starts one that speaks TLS only, with these files, and knows a user with no more rights than the documents ask for. */
    static RedisServer startTls(Path folder, Path certificate, Path key) throws IOException {
        int port = freePort();
        List<String> line = line(folder, "--port", "0", "--tls-port", Integer.toString(port));
        line.addAll(List.of("--tls-cert-file", certificate.toString(), "--tls-key-file", key.toString()));
        line.addAll(List.of("--tls-ca-cert-file", certificate.toString(), "--tls-auth-clients", "no"));
        line.addAll(List.of("--user", "router", "on", ">of-the-router", "~fleet:*"));
        line.addAll(List.of("+@connection", "+get", "+set", "+psetex", "+eval"));
        RedisServer server = new RedisServer(port, line);
        server.start();
        return server;
    }

    private static List<String> line(Path folder, String... more) {
        List<String> line = new ArrayList<>(List.of(PROGRAM, "--bind", "127.0.0.1", "--dir", folder.toString()));
        line.addAll(List.of("--save", "", "--appendonly", "no", "--requirepass", PASSWORD));
        line.addAll(List.of(more));
        return line;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it, after a {@link #kill} once more and with nothing in it; returns when it takes connections. */
    void start() throws IOException {
        Process started = new ProcessBuilder(line).redirectErrorStream(true).start();
        process = started;
        Queue<String> printed = new ConcurrentLinkedQueue<>();
        Thread reader = new Thread(() -> read(started, printed), "redis-output");
        reader.setDaemon(true);
        reader.start();
        await().alias("Redis starts")
                .until(() -> printed.stream().anyMatch(text -> text.contains("Ready to accept")) || !started.isAlive());
        assertThat(started.isAlive()).as(String.join("\n", printed)).isTrue();
    }

    private static void read(Process from, Queue<String> printed) {
        try (BufferedReader output = new BufferedReader(new InputStreamReader(from.getInputStream(), UTF_8))) {
            output.lines().forEach(printed::add);
        } catch (IOException | UncheckedIOException e) {
            printed.add("the output broke off: " + e.getMessage());
        }
    }

    int port() {
        return port;
    }

    /** Ends it at once. */
    void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }

    /** Sends a signal, such as {@code STOP}. */
    void signal(String name) throws Exception {
        Process running = Objects.requireNonNull(process);
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The answer to a command in words, as Redis sends it; several lines only for lists. */
    String ask(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Gate.LIMIT.toMillis());
            socket.getOutputStream().write(("AUTH " + PASSWORD + "\r\n" + command + "\r\nQUIT\r\n").getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
