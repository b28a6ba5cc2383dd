package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Http1Turn;
import io.penstock.proxy.testkit.Http2Turn;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines close idle connections after a few seconds. The router closes them first; where both happen at once the request
 * is sent again on another connection, but only while nothing can have come of it.
 */
final class StaleConnectionIsNotReusedIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionIsClosedByTheRouter(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).connections("{ idleTimeout: 200ms }"));
        RawClient client = router.client(under);
        assertThat(ask(client).status()).isEqualTo(200);
        engine.journal().awaitConnectionsClosed(1);
        assertThat(ask(client).status()).isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aBusyConnectionIsReused(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router);
        RawClient client = clientOfRestingEngine(engine);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(client).status()).isEqualTo(200);
        }
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void aConnectionTheEngineClosedIsNotUsed() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        assertThat(ask(client).status()).isEqualTo(200);
        engine.closeIdleConnections();
        engine.journal().awaitConnectionsClosed(1);
        assertThat(ask(client).status()).isEqualTo(200);
        assertThat(engine.journal().requests()).hasSize(2);
    }

    @Test
    void anAnswerThatEndsWithCloseLeavesNoConnection() throws IOException {
        FakeEngine engine = router.engine().answeringRaw(turn -> {
            turn.request();
            turn.respond(200, "content-length: 2", "connection: close").data("ok");
        });
        RawClient client = router.client(router.start(engine));
        assertThat(ask(client).text()).isEqualTo("ok");
        assertThat(ask(client).text()).isEqualTo("ok");
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
        engine.journal().awaitConnectionsClosed(2);
    }

    @Test
    void theKeepAliveRaceIsInvisibleToTheClient() throws IOException {
        Script<Http1Turn> closesAtTheRequest = turn -> turn.close();
        FakeEngine engine = router.engine().next(Script.json(200, "first")).nextRaw(closesAtTheRequest);
        RawClient client = clientOfRestingEngine(engine);
        assertThat(ask(client).text()).isEqualTo("first");
        assertThat(ask(client).status()).isEqualTo(200);
        assertThat(engine.journal().heads()).hasSize(3);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
    }

    @Test
    void theKeepAliveRaceByResetIsInvisibleToTheClient() throws IOException {
        FakeEngine engine = router.engine().next(Script.json(200, "first")).next(turn -> turn.reset());
        RawClient client = clientOfRestingEngine(engine);
        assertThat(ask(client).text()).isEqualTo("first");
        assertThat(ask(client).status()).isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
    }

    @Test
    void theRaceOnHttp2IsInvisibleToTheClient() throws IOException {
        FakeH2Engine engine = router.h2Engine().next(Script.json(200, "first")).nextH2(Http2Turn::closeConnection);
        RawClient client = router.client(router.start(engine));
        assertThat(ask(client).text()).isEqualTo("first");
        assertThat(ask(client).status()).isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
    }

    @Test
    void aSecondRaceInARowIsNotFollowed() throws IOException {
        FakeEngine engine = router.engine().next(Script.json(200, "first")).answeringRaw(turn -> turn.close());
        RawClient client = clientOfRestingEngine(engine);
        assertThat(ask(client).text()).isEqualTo("first");
        OpenAiErrors.assertFailure(ask(client), FailureKind.ENGINE_RESET);
        assertThat(engine.journal().heads()).hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"H", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\n\r\n"})
    void nothingIsSentTwiceOnceAByteCameBack(String bytes) throws IOException {
        FakeEngine engine = router.engine().next(Script.json(200, "first")).nextRaw(turn -> {
            turn.request();
            turn.raw(bytes).close();
        });
        RawClient client = clientOfRestingEngine(engine);
        assertThat(ask(client).text()).isEqualTo("first");
        client.post("/v1/completions", BODY).readHead();
        client.close();
        assertThat(engine.journal().requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void aFreshConnectionThatDiesIsNotARace(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.reset();
        });
        RawClient client = router.client(router.start(engine));
        OpenAiErrors.assertFailure(ask(client), FailureKind.ENGINE_RESET);
        assertThat(engine.journal().requests()).hasSize(1);
    }

    /** A client of a router whose first probes are over: no connection is under way that a request could be given fresh. */
    private RawClient clientOfRestingEngine(ScriptedEngine engine) throws IOException {
        RouterUnderTest under = router.start(engine);
        under.awaitRest();
        return router.client(under);
    }

    private static RawResponse ask(RawClient client) throws IOException {
        return client.post("/v1/completions", BODY).readResponse();
    }
}
