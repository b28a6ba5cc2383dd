package io.penstock.it.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Starts proxies in front of engines, each on one thread for connections and with sessions kept on engines. Threading:
 * the main thread.
 *
 * @param home the packaged router
 * @param work a folder for configurations
 * @param cores where proxies run
 */
record Proxies(Path home, Path work, Cores cores) {

    /** The heap the JVM chooses in a container of 1 GiB, so that results do not depend on the memory of the machine. */
    private static final String CONTAINER_HEAP = "-Xms16m -Xmx256m";

    /** Connections to engines and other files beyond one for each stream. */
    private static final int SPARE_CONNECTIONS = 100;

    private static final int MAX_WAITS = 200;

    /** The named peer, ready for requests on so many connections. */
    Peer start(String name, Engines engines, int connections) throws InterruptedException {
        if (name.equals(Peer.DIRECT)) {
            return new Peer(name, engines.addresses(), null);
        }
        int port = freePort();
        boolean router = Peer.isRouter(name);
        Path file = work.resolve(name + (router ? ".yaml" : ".cfg"));
        write(
                file,
                router
                        ? routerConfig(port, Peer.isApart(name) ? apart(engines) : together(engines)) + Peer.route(name)
                        : haproxyConfig(port, engines, connections));
        List<String> command = new ArrayList<>(cores.proxyPrefix());
        command.addAll(
                router
                        ? List.of(home.resolve("bin/penstock").toString(), "serve", "-c", file.toString())
                        : List.of(haproxy().orElseThrow().toString(), "-db", "-f", file.toString()));
        ChildProcess process = ChildProcess.start(name, command, CONTAINER_HEAP);
        awaitAnswer(process, port);
        return new Peer(name, List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), process);
    }

    static void awaitAnswer(ChildProcess process, int port) throws InterruptedException {
        Recorder client = new Recorder();
        for (int i = 0; i < MAX_WAITS; i++) {
            process.pause();
            if (client.answers(port)) {
                return;
            }
        }
        process.close();
        throw new BenchmarkException("no answer through port " + port + " of " + process.pid());
    }

    /** The router's configuration: one loop, as HAProxy has one thread; every other key at its default. */
    static String routerConfig(int port, String engines) {
        return """
                server: { host: 127.0.0.1, port: %d, adminHost: 127.0.0.1, adminPort: 0, loops: 1, settleTime: 0s, drainTimeout: 1s }
                pools:
                  - name: bench
                    %s
                """.formatted(port, engines);
    }

    /** Every engine prefills and decodes. */
    static String together(Engines engines) {
        return "engines: " + urls(engines.addresses());
    }

    /** The first engine prefills, the others decode. */
    static String apart(Engines engines) {
        List<InetSocketAddress> all = engines.addresses();
        return "prefill: { engines: " + urls(all.subList(0, 1)) + " }\n    decode: { engines: "
                + urls(all.subList(1, all.size())) + " }\n    disaggregation: { protocol: vllm-nixl }";
    }

    private static String urls(List<InetSocketAddress> engines) {
        return engines.stream()
                .map(address -> "\"http://127.0.0.1:" + address.getPort() + '"')
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** HAProxy's: the same engines, sessions by a hash of the same header, connections to engines reused. */
    static String haproxyConfig(int port, Engines engines, int connections) {
        String servers = IntStream.range(0, engines.addresses().size())
                .mapToObj(i -> "  server engine" + i + " 127.0.0.1:"
                        + engines.addresses().get(i).getPort() + "\n")
                .collect(Collectors.joining());
        return """
                global
                  nbthread 1
                  maxconn %d
                defaults
                  mode http
                  option http-no-delay
                  timeout connect 5s
                  timeout client 2m
                  timeout server 2m
                  timeout http-keep-alive 2m
                frontend clients
                  bind 127.0.0.1:%d backlog 8192
                  default_backend engines
                backend engines
                  balance hdr(x-session-id)
                  hash-type consistent
                  http-reuse always
                %s""".formatted(connections + SPARE_CONNECTIONS, port, servers);
    }

    /** HAProxy, if it is installed. */
    static Optional<Path> haproxy() {
        return executable("haproxy");
    }

    /** The program of that name on the PATH, or in the folder of system programs. */
    static Optional<Path> executable(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchmarkException("cannot write " + file, e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchmarkException("no free port", e);
        }
    }
}
