package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.router.Router;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.FileContent;
import io.penstock.router.simulate.SimulatedEngine;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration file of a router under load, written anew again and again: other policies, limits and timeouts, and every third
 * time something that must be refused. Threading: one thread after the other.
 */
final class ChangingConfig implements AutoCloseable {

    private static final List<String> POLICIES = List.of("least-requests", "round-robin", "power-of-two");

    private final Path file;
    private final List<SimulatedEngine> engines;
    private int written;

    ChangingConfig(List<SimulatedEngine> engines) throws IOException {
        this.engines = engines;
        this.file = Files.createTempFile("penstock", ".yaml");
        Files.writeString(file, good());
    }

    /** A router that was started with the file and follows it. */
    Router start() throws IOException {
        FileContent content = FileContent.read(file);
        try {
            Router router = Router.start(content.config());
            router.follow(file, content);
            return router;
        } catch (ConfigException e) {
            throw new IOException(e);
        }
    }

    /** Changes the file and sends the router what SIGHUP does. */
    void change(Router router) {
        written++;
        Path next = file.resolveSibling(file.getFileName() + ".next");
        // not through a channel, which would be closed by the interrupt that ends the faults
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write((written % 3 == 2 ? bad() : good()).getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!next.toFile().renameTo(file.toFile())) {
            throw new IllegalStateException(next + " could not be renamed");
        }
        router.reload();
    }

    /** How often it was changed. */
    int changes() {
        return written;
    }

    private String bad() {
        return good().replace("betweenTokens", "betweenTokensNow");
    }

    private String good() {
        RouterSetup setup = new RouterSetup()
                .loops(2)
                .pool("models", "[sim]")
                .pool("policy", "{ type: " + POLICIES.get(written % POLICIES.size()) + " }")
                .pool("limits", written % 2 == 0 ? "{ }" : "{ engineRequests: 20, waiting: 100 }")
                .pool("health", "{ interval: 50ms, successesToUp: 1, ejectFor: 100ms, maxEjectFor: 200ms }")
                .route("timeouts", timeouts())
                .route("retries", "{ attempts: 3, budget: 1 }");
        for (int i = 0; i < engines.size(); i++) {
            setup.engine(engines.get(i).url(), i % 2 == 0 ? "http1" : "h2c");
        }
        return setup.yaml();
    }

    private String timeouts() {
        int more = written % 4 * 50;
        return "{ connect: 500ms, firstToken: " + (600 + more) + "ms, betweenTokens: " + (400 + more) + "ms }";
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
