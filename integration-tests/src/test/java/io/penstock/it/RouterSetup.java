package io.penstock.it;

import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration of a router under test, written as a user writes it. By default one pool {@code chat} serves the model
 * {@code m} on one event loop, and engines are asked for their health rarely enough not to disturb a test. Threading: the
 * test's thread.
 */
final class RouterSetup {

    private final List<String> engines = new ArrayList<>();
    private final Map<String, String> server = new LinkedHashMap<>();
    private final Map<String, String> pool = new LinkedHashMap<>();
    private final Map<String, String> route = new LinkedHashMap<>();

    private final Map<String, String> sections = new LinkedHashMap<>();

    private String connections = "{ }";

    RouterSetup() {
        server("host", "127.0.0.1");
        server("port", "0");
        server("adminHost", "127.0.0.1");
        server("adminPort", "0");
        server("loops", "1");
        server("settleTime", "0s");
        pool("models", "[m]");
        pool("policy", "{ type: round-robin }");
        pool("health", "{ interval: 1h }");
        route("to", "[{ pool: chat }]");
    }

    /** Adds engines, HTTP/2 ones as such. */
    RouterSetup engines(ScriptedEngine... added) {
        for (ScriptedEngine engine : added) {
            engine(engine.url(), engine instanceof FakeH2Engine ? "h2c" : "http1");
        }
        return this;
    }

    /** Adds an engine by its address. */
    RouterSetup engine(String url, String protocol) {
        engines.add("{ url: \"" + url + "\", protocol: " + protocol + " }");
        return this;
    }

    /** How many event loops. */
    RouterSetup loops(int count) {
        return server("loops", Integer.toString(count));
    }

    /** Sets a key of {@code server}. */
    RouterSetup server(String key, String value) {
        server.put(key, value);
        return this;
    }

    /** Sets the section {@code connections}. */
    RouterSetup connections(String value) {
        connections = value;
        return this;
    }

    /** Sets another section. */
    RouterSetup section(String name, String value) {
        sections.put(name, value);
        return this;
    }

    /** Sets a key of the pool. */
    RouterSetup pool(String key, String value) {
        pool.put(key, value);
        return this;
    }

    /** Sets a key of the route. */
    RouterSetup route(String key, String value) {
        route.put(key, value);
        return this;
    }

    /** The file. */
    String yaml() {
        StringBuilder yaml = new StringBuilder("server:\n");
        server.forEach((key, value) -> line(yaml, "  ", key, value));
        line(yaml, "", "connections", connections);
        sections.forEach((name, value) -> line(yaml, "", name, value));
        yaml.append("pools:\n  - name: chat\n");
        line(yaml, "    ", "engines", engines.toString());
        pool.forEach((key, value) -> line(yaml, "    ", key, value));
        yaml.append("routes:\n  - name: main\n");
        route.forEach((key, value) -> line(yaml, "    ", key, value));
        return yaml.toString();
    }

    private static void line(StringBuilder yaml, String indent, String key, String value) {
        yaml.append(indent).append(key).append(": ").append(value).append('\n');
    }
}
