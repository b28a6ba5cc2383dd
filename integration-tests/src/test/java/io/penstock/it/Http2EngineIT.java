package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeH2Engine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.Turn;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How requests share the connections of an HTTP/2 engine. */
final class Http2EngineIT {

    private static final String BODY = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void requestsToAColdEngineShareOneConnect() throws IOException {
        Gate go = new Gate();
        FakeH2Engine engine = router.h2Engine().answering(turn -> {
            turn.request();
            turn.await(go).respond(200, "content-type: text/plain").data("ok").end();
        });
        RouterUnderTest under = router.start(engine);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(router.client(under).post("/v1/completions", BODY));
        }
        engine.journal().awaitRequests(50);
        go.open();
        for (RawClient client : clients) {
            assertThat(client.readResponse().text()).isEqualTo("ok");
        }
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void aHeadTooLargeForTheEngineIsTheClientsMistake() throws IOException {
        FakeH2Engine engine = router.closing(
                FakeH2Engine.start(Http2Settings.defaultSettings().maxHeaderListSize(2_000)));
        RouterUnderTest under = router.start(engine);
        RawClient client = router.client(under);
        assertThat(client.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);
        RawResponse refused =
                client.post("/v1/completions", BODY, "x: " + "y".repeat(3_000)).readResponse();
        assertThat(OpenAiErrors.assertFailure(refused, FailureKind.HEADERS_TOO_LARGE))
                .contains("larger than the engine takes");
        assertThat(client.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
        under.awaitState(engine.name(), "ready");
    }

    @Test
    void theEnginesLimitOfStreamsIsObeyed() throws IOException {
        Gate go = new Gate();
        FakeH2Engine engine = router.closing(
                        FakeH2Engine.start(Http2Settings.defaultSettings().maxConcurrentStreams(2)))
                .answering(turn -> {
                    turn.request();
                    turn.await(go)
                            .respond(200, "content-type: text/plain")
                            .data("ok")
                            .end();
                });
        RouterUnderTest under = router.start(engine);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            clients.add(router.client(under).post("/v1/completions", BODY));
        }
        engine.journal().awaitRequests(7);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(4);
        go.open();
        for (RawClient client : clients) {
            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void stalledStreamsDoNotStarveAnother() throws IOException {
        FakeH2Engine engine = router.h2Engine().answering(endless());
        RouterUnderTest under = router.start(engine);
        for (int i = 0; i < 20; i++) {
            router.closing(RawClient.connect(under.port(), 16 << 10))
                    .post("/v1/completions", BODY)
                    .readHead();
        }
        engine.next(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            turn.data(new byte[1 << 20]).end();
        });
        assertThat(router.client(under)
                        .post("/v1/completions", BODY)
                        .readResponse()
                        .bytes())
                .hasSize(1 << 20);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsResetWhileItsClientDoesNotReadGivesItsPlaceBack() throws IOException {
        Gate full = new Gate();
        FakeH2Engine engine = router.closing(
                FakeH2Engine.start(Http2Settings.defaultSettings().maxConcurrentStreams(1)));
        engine.nextH2(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            turn.dataUntilStalled(new byte[16 << 10]);
            turn.reset();
            full.open();
        });
        RouterUnderTest under = router.start(engine);
        under.awaitReady();
        int connections = engine.connectionsAccepted();
        RawClient slow = router.closing(RawClient.connect(under.port(), 16 << 10));
        slow.post("/v1/completions", BODY).readHead();
        full.await();
        under.awaitNothingInFlight();
        for (int i = 0; i < 3; i++) {
            assertThat(router.client(under)
                            .post("/v1/completions", BODY)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(engine.connectionsAccepted()).isEqualTo(connections);
    }

    @Test
    void aResetStreamFailsOnlyItsOwnRequest() throws IOException {
        Gate finish = new Gate();
        FakeH2Engine engine = router.h2Engine().next(turn -> {
            turn.request();
            turn.eventStream().event("1").await(finish).event("2").end();
        });
        RouterUnderTest under = router.start(engine);
        RawClient running = router.client(under).post("/v1/completions", BODY);
        WireHead head = running.readHead();
        engine.next(turn -> {
            turn.request();
            turn.reset();
        });
        OpenAiErrors.assertFailure(
                router.client(under).post("/v1/completions", BODY).readResponse(), FailureKind.ENGINE_RESET);
        finish.open();
        assertThat(running.readBody(head)).asString().isEqualTo("data: 1\n\ndata: 2\n\n");
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void anEngineThatSpeaksOnlyHttp1IsFoundOutByAuto() throws IOException {
        var engine = router.engine();
        RouterUnderTest under = router.start(new RouterSetup().engine(engine.url(), "auto"));
        RawClient client = router.client(under);
        for (int i = 0; i < 3; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().status())
                    .isEqualTo(200);
        }
        assertThat(engine.journal().requests()).hasSize(3);
    }

    @Test
    void anEngineThatSpeaksHttp2IsFoundOutByAuto() throws IOException {
        FakeH2Engine engine = router.h2Engine();
        RouterUnderTest under = router.start(new RouterSetup().engine(engine.url(), "auto"));
        RawClient client = router.client(under);
        for (int i = 0; i < 3; i++) {
            assertThat(client.post("/v1/completions", BODY).readResponse().status())
                    .isEqualTo(200);
        }
        assertThat(engine.journal().requests()).hasSize(3);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
    }

    private static Script<Turn> endless() {
        return turn -> {
            turn.request();
            turn.respond(200, "content-type: application/octet-stream");
            while (!turn.peerLeft()) {
                turn.data(new byte[16 << 10]);
            }
        };
    }
}
