package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts engines, routers and clients for one test and, after it, checks what must hold after every test: once the clients
 * are gone no request is in flight anywhere and no ticket open, and no script ended in an exception. Threading: the test's
 * thread.
 */
final class RouterExtension implements AfterEachCallback {

    private final List<ScriptedEngine> engines = new ArrayList<>();
    private final List<RouterUnderTest> routers = new ArrayList<>();
    private final List<RawClient> clients = new ArrayList<>();

    /** A scripted HTTP/1.1 engine. */
    FakeEngine engine() {
        return closing(FakeEngine.start());
    }

    /** A scripted HTTP/2 engine. */
    FakeH2Engine h2Engine() {
        return closing(FakeH2Engine.start());
    }

    /** Closes this engine, too, after the test. */
    <E extends ScriptedEngine> E closing(E engine) {
        engines.add(engine);
        return engine;
    }

    /** A router with one event loop and one pool over these engines. */
    RouterUnderTest start(ScriptedEngine... over) {
        return start(new RouterSetup().engines(over));
    }

    /** A router. */
    RouterUnderTest start(RouterSetup setup) {
        return start(setup.yaml());
    }

    /** A router by the text of its configuration file. */
    RouterUnderTest start(String yaml) {
        return start(yaml, System.out);
    }

    /** A router whose access log goes there. */
    RouterUnderTest start(String yaml, OutputStream accessLines) {
        RouterUnderTest router = RouterUnderTest.start(yaml, accessLines);
        routers.add(router);
        return router;
    }

    /** A client of the router. */
    RawClient client(RouterUnderTest router) throws IOException {
        return closing(RawClient.connect(router.port()));
    }

    /** Closes this client, too, after the test. */
    RawClient closing(RawClient client) {
        clients.add(client);
        return client;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        List<Throwable> defects = new ArrayList<>();
        try {
            for (RawClient client : clients) {
                client.close();
            }
            routers.forEach(RouterUnderTest::awaitNothingInFlight);
            engines.forEach(engine -> defects.addAll(engine.journal().defects()));
        } finally {
            routers.forEach(RouterUnderTest::close);
            engines.forEach(ScriptedEngine::close);
        }
        assertThat(defects).as("scripts that failed").isEmpty();
    }
}
