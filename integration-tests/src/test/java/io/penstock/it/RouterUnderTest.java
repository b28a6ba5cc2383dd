package io.penstock.it;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.Router;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A router as {@code penstock serve} composes it, on free ports, seen from outside: by its two ports. Threading: the test's
 * thread.
 */
final class RouterUnderTest implements AutoCloseable {

    private final Router router;
    private final int port;
    private final int adminPort;
    private boolean closed;

    private RouterUnderTest(Router router) {
        this.router = router;
        this.port = router.dataPort();
        this.adminPort = router.adminPort();
    }

    /** Starts a router from the text of a configuration file. */
    static RouterUnderTest start(String yaml) {
        return start(yaml, System.out);
    }

    /** Starts a router whose access log goes there. */
    static RouterUnderTest start(String yaml, OutputStream accessLines) {
        try {
            return new RouterUnderTest(Router.start(ConfigLoader.parse(yaml), accessLines));
        } catch (ConfigException e) {
            throw new AssertionError("the test's configuration is refused:\n" + yaml, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes on by another configuration; returns when it is in force. */
    void reload(String yaml) {
        double before = metric("penstock_config_reloads_total", "success");
        try {
            router.apply(ConfigLoader.parse(yaml));
        } catch (ConfigException e) {
            throw new AssertionError("the test's configuration is refused:\n" + yaml, e);
        }
        await().until(() -> metric("penstock_config_reloads_total", "success") > before);
    }

    /** A router that was started otherwise. */
    static RouterUnderTest of(Router router) {
        return new RouterUnderTest(router);
    }

    int port() {
        return port;
    }

    /** The base URL of the admin port. */
    String adminUrl() {
        return "http://127.0.0.1:" + adminPort;
    }

    /** A client of the admin port. */
    RawClient adminClient() throws IOException {
        return RawClient.connect(adminPort);
    }

    /** The base URL of a client's SDK. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** A page of the admin port. */
    String admin(String path) {
        return adminGet(path).text();
    }

    /** A page of the admin port, with its status. */
    RawResponse adminGet(String path) {
        try (RawClient client = RawClient.connect(adminPort)) {
            return client.get(path, "connection: close").readResponse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Posts to the admin port; returns the status. */
    int adminPost(String path) {
        try (RawClient client = RawClient.connect(adminPort)) {
            return client.post(path, "", "connection: close").readResponse().status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The engines of all pools, by name, as the fleet view shows them. */
    Map<String, JsonNode> fleet() {
        Map<String, JsonNode> engines = new HashMap<>();
        for (JsonNode pool : OpenAiErrors.parse(admin("/fleet")).path("pools")) {
            for (JsonNode engine : pool.path("engines")) {
                engines.put(engine.path("engine").asText(), engine);
            }
        }
        return engines;
    }

    /** Requests in flight on all engines, as the tickets count them. */
    int inFlight() {
        return fleet().values().stream()
                .mapToInt(engine -> engine.path("inFlight").asInt())
                .sum();
    }

    /** The sum of a metric over all of its series whose labels contain a text. */
    double metric(String name, String labels) {
        return admin("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The state of an engine, or "absent". */
    String state(String engine) {
        JsonNode view = fleet().get(engine);
        return view == null ? "absent" : view.path("state").asText();
    }

    /** Waits until every engine has been asked for its health and is ready. */
    void awaitReady() {
        for (String engine : fleet().keySet()) {
            awaitState(engine, "ready");
        }
    }

    /** Waits until the first probes are over, too: one that comes later may take an idle connection, and its engine ends it. */
    void awaitRest() {
        awaitReady();
        awaitNothingInFlight();
    }

    /** Waits until an engine is in a state. */
    void awaitState(String engine, String state) {
        await().pollInterval(Duration.ofMillis(10)).until(() -> state(engine).equals(state));
    }

    /**
     * Waits until no ticket is open, nobody waits for one, no exchange runs, and every connection to an engine is idle: what must become true once
     * all clients are gone.
     */
    void awaitNothingInFlight() {
        if (!closed) {
            await().alias("nothing in flight")
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> inFlight() == 0
                            && metric("penstock_requests_in_flight", "") == 0
                            && metric("penstock_waiting_requests", "") == 0
                            && metric("penstock_engine_connections_open", "")
                                    == metric("penstock_engine_connections_idle", ""));
        }
    }

    /** Ends it as SIGTERM does; returns when it has ended. */
    void drain() {
        closed = true;
        router.drainAndClose();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            router.close();
        }
    }
}
