package io.penstock.it;

import static io.penstock.it.ChatChunks.DONE;
import static io.penstock.it.ChatChunks.ERROR;
import static io.penstock.it.ChatChunks.USAGE;
import static io.penstock.it.ChatChunks.arguments;
import static io.penstock.it.ChatChunks.finish;
import static io.penstock.it.ChatChunks.role;
import static io.penstock.it.ChatChunks.token;
import static io.penstock.it.ChatChunks.toolStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.Script;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events that are held reach the client byte for byte, in their order, and at once where nothing may be held. The delay is longer
 * than a test, but where the test is about it: whatever arrives had a reason.
 */
final class StreamIntervalIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String FOREVER = "{ events: 4, maxDelay: 10s }";
    private static final String BEGINNING = role(0) + token("first");

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final List<StreamReader> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (StreamReader client : clients) {
            client.close();
        }
    }

    static Stream<Arguments> bothSides() {
        return Stream.of(StreamReader.Kind.values())
                .flatMap(client -> Stream.of(EngineKind.values()).map(engine -> Arguments.of(client, engine)));
    }

    private RouterUnderTest start(String interval, ScriptedEngine... engines) {
        return router.start(new RouterSetup().engines(engines).route("streamInterval", interval));
    }

    private StreamReader ask(StreamReader.Kind kind, RouterUnderTest under, String... headers) throws IOException {
        StreamReader client = kind.ask(under, BODY, headers);
        clients.add(client);
        return client;
    }

    /** Streams these pieces, each after its gate. */
    private static Script<Turn> streaming(List<Gate> gates, String... pieces) {
        return turn -> {
            turn.request();
            turn.eventStream();
            for (int i = 0; i < pieces.length; i++) {
                turn.await(gates.get(i)).data(pieces[i]);
            }
            turn.end();
        };
    }

    private static List<Gate> gates(int count) {
        return Stream.generate(Gate::new).limit(count).toList();
    }

    private static double flushes(RouterUnderTest under, String reason) {
        return under.metric("penstock_stream_flushes_total", "reason=\"" + reason + "\"");
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void whatMustNotWaitIsThereBeforeTheEngineGoesOn(StreamReader.Kind client, EngineKind kind) throws IOException {
        String[] pieces = {
            role(0),
            role(1),
            token(0, "a"),
            token(1, "b"),
            token(0, "c") + token(0, "d") + ": comment\n\n",
            token(0, "e") + toolStart(0),
            arguments(0, "x") + arguments(0, "y") + arguments(0, "z") + arguments(0, "4"),
            token(1, "f") + finish(1),
            token(0, "g") + finish(0),
            USAGE,
            DONE
        };
        List<Gate> gates = gates(pieces.length);
        RouterUnderTest under = start(FOREVER, kind.start(router).answering(streaming(gates, pieces)));
        gates.get(0).open();
        StreamReader reader = ask(client, under);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < pieces.length; i++) {
            gates.get(i).open();
            all.append(pieces[i]);
            assertThat(reader.readAsFarAs(all.toString())).isEqualTo(all.toString());
        }
        assertThat(reader.readToEnd()).isEqualTo(all.toString());
        assertThat(reader.wasCut()).isFalse();
        under.awaitNothingInFlight();
        assertThat(flushes(under, "first")).isEqualTo(4);
        assertThat(flushes(under, "comment")).isEqualTo(1);
        assertThat(flushes(under, "tool_call")).isEqualTo(1);
        assertThat(flushes(under, "events")).isEqualTo(1);
        assertThat(flushes(under, "finish")).isEqualTo(2);
        assertThat(flushes(under, "usage")).isEqualTo(1);
        assertThat(flushes(under, "done")).isEqualTo(1);
        assertThat(under.metric("penstock_stream_events_total", "route=\"main\""))
                .isEqualTo(19);
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void heldEventsAreWrittenTogether(StreamReader.Kind client, EngineKind kind) throws IOException {
        List<Gate> gates = gates(3);
        RouterUnderTest under = start(
                FOREVER,
                kind.start(router)
                        .answering(
                                streaming(gates, token("1"), token("2") + token("3") + token("4") + token("5"), DONE)));
        gates.get(0).open();
        StreamReader reader = ask(client, under);
        reader.readAsFarAs(token("1"));
        gates.get(1).open();
        reader.readAsFarAs(token("1").repeat(5));
        gates.get(2).open();
        reader.readToEnd();
        assertThat(reader.pieces()).contains(token("2") + token("3") + token("4") + token("5"));
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void theDelayEndsTheHolding(StreamReader.Kind client, EngineKind kind) throws IOException {
        Gate done = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream()
                    .data(token("1") + token("2") + token("3"))
                    .await(done)
                    .data(DONE)
                    .end();
        });
        RouterUnderTest under = start("{ events: 100, maxDelay: 30ms }", engine);
        StreamReader reader = ask(client, under);
        assertThat(reader.readAsFarAs(token("1").repeat(3))).endsWith(token("3"));
        done.open();
        assertThat(reader.readToEnd()).endsWith(DONE);
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void anEventOfAMegabyteArrivesWholeWhateverTheLimit(StreamReader.Kind client, EngineKind kind) throws IOException {
        String large = BEGINNING + token("held") + token("x".repeat(1 << 20)) + token("after") + DONE;
        Script<Turn> script = turn -> {
            turn.request();
            turn.eventStream().data(large).end();
        };
        for (String limit : List.of("1KiB", "64KiB", "4MiB")) {
            RouterUnderTest under = start(
                    "{ events: 4, maxDelay: 10s, maxBytes: " + limit + " }",
                    kind.start(router).answering(script));
            StreamReader reader = ask(client, under);
            assertThat(reader.readToEnd().equals(large)).as(limit).isTrue();
            assertThat(reader.wasCut()).isFalse();
            reader.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void eventsThatTrickleArriveByteForByte(String lineEnd) throws IOException {
        String sent = (BEGINNING + "event: e\nid: 7\ndata:one\ndata: zwei \u00e4\u6f22\n\n" + ": c\n\n" + token("x")
                        + DONE)
                .replace("\n", lineEnd);
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream();
            for (byte one : sent.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                turn.data(new byte[] {one});
            }
            turn.end();
        });
        StreamReader reader = ask(StreamReader.Kind.HTTP1, start(FOREVER, engine));
        assertThat(reader.readToEnd()).isEqualTo(sent);
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void aHeartbeatAndARetryBeforeTheFirstTokenChangeNothing(StreamReader.Kind client, EngineKind kind)
            throws IOException {
        String good = BEGINNING + token("2") + token("3") + finish(0) + DONE;
        Script<Turn> failing = turn -> {
            turn.request();
            turn.eventStream().data(ERROR).data(DONE).end();
        };
        Script<Turn> streams = turn -> {
            turn.request();
            turn.eventStream().data(good).end();
        };
        ScriptedEngine one = kind.start(router).next(failing).answering(streams);
        ScriptedEngine two = kind.start(router).next(failing).answering(streams);
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(one, two)
                .route("streamInterval", FOREVER)
                .route("retries", "{ attempts: 3, budget: 1.0 }")
                .route("timeouts", "{ heartbeat: 20ms }"));
        for (int i = 0; i < 3; i++) {
            StreamReader reader = ask(client, under);
            assertThat(reader.readToEnd().replace(": waiting\n\n", "")).isIn(good, ERROR + DONE);
        }
    }

    @Test
    void aClientAsksForItsOwnInterval() throws IOException {
        List<Gate> gates = gates(3);
        ScriptedEngine engine = router.engine()
                .answering(streaming(gates, token("1"), token("2") + token("3") + token("4"), finish(0) + DONE));
        RouterUnderTest under = router.start(engine);
        gates.get(0).open();
        StreamReader reader =
                ask(StreamReader.Kind.HTTP1, under, "x-penstock-stream-interval: 3;maxDelay=10s;mode=batch");
        reader.readAsFarAs(token("1"));
        gates.get(1).open();
        reader.readAsFarAs(token("1").repeat(4));
        gates.get(2).open();
        reader.readToEnd();
        under.awaitNothingInFlight();
        assertThat(flushes(under, "events")).isEqualTo(1);
        assertThat(engine.journal().onlyRequest().head().value("x-penstock-stream-interval"))
                .isNull();
    }

    @Test
    void aClientTurnsTheIntervalOff() throws IOException {
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream().data(BEGINNING).data(token("2")).data(DONE).end();
        });
        RouterUnderTest under = start(FOREVER, engine);
        StreamReader reader = ask(StreamReader.Kind.HTTP1, under, "x-penstock-stream-interval: 1");
        assertThat(reader.readToEnd()).isEqualTo(BEGINNING + token("2") + DONE);
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_stream_flushes_total", "")).isZero();
    }

    @Test
    void aMalformedIntervalIsRefusedAndSaysWhatIsAllowed() throws IOException {
        RouterUnderTest under = router.start(router.engine());
        RawResponse response = router.client(under)
                .post("/v1/chat/completions", BODY, "x-penstock-stream-interval: many")
                .readResponse();
        OpenAiErrors.assertFailure(response, FailureKind.BAD_REQUEST);
        assertThat(response.text()).contains("x-penstock-stream-interval", "maxDelay", "mode=batch");
    }
}
