package io.penstock.proxy.testkit;

import java.util.List;

/**
 * An engine on a free port of this machine that does what a test tells it to and writes down what it saw. The router's
 * own probes it answers by itself. Threading: any thread.
 */
public interface ScriptedEngine extends AutoCloseable {

    /** Plays a script for every request from now on, after those given to {@link #next}. */
    ScriptedEngine answering(Script<? super Turn> script);

    /** Plays a script for one request; several calls queue up. */
    ScriptedEngine next(Script<? super Turn> script);

    /** The models its {@code /v1/models} names. */
    ScriptedEngine serving(List<String> models);

    /** Whether its {@code /health} says 200 or 503. */
    ScriptedEngine healthy(boolean healthy);

    /** What it saw. */
    EngineJournal journal();

    /** Its port. */
    int port();

    /** Resets every connection and stops listening. */
    @Override
    void close();

    /** Its name in the router, {@code host:port}. */
    default String name() {
        return "127.0.0.1:" + port();
    }

    /** Its address for a configuration. */
    default String url() {
        return "http://" + name();
    }
}
