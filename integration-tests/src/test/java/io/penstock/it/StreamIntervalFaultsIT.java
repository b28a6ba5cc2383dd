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
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.ScriptedEngine;
import io.penstock.proxy.testkit.Turn;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is held when something ends before its time: nothing of it is lost, and nothing is put between the halves of an event. */
final class StreamIntervalFaultsIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final String FOREVER = "{ events: 4, maxDelay: 10s }";
    private static final String BEGINNING = role(0) + token("first");

    /** What the buffers on the way may hold together, far below what the engine would send. */
    private static final int BOUND = 8 << 20;

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
        return StreamIntervalIT.bothSides();
    }

    private RouterUnderTest start(String interval, ScriptedEngine... engines) {
        return router.start(new RouterSetup().engines(engines).route("streamInterval", interval));
    }

    private StreamReader ask(StreamReader.Kind kind, RouterUnderTest under) throws IOException {
        StreamReader client = kind.ask(under, BODY);
        clients.add(client);
        return client;
    }

    /** How an engine may fail, after what it has sent. */
    enum Fault {
        RESET {
            @Override
            void strike(Turn turn) {
                turn.reset();
            }
        },
        SILENCE {
            @Override
            void strike(Turn turn) {
                turn.awaitPeerLeft();
            }
        },
        ERROR_EVENT {
            @Override
            void strike(Turn turn) {
                turn.data(ERROR).data(DONE).end();
            }
        },
        ERROR_AND_RESET {
            @Override
            void strike(Turn turn) {
                turn.data(ERROR).reset();
            }
        },
        GOOD_END {
            @Override
            void strike(Turn turn) {
                turn.end();
            }
        };

        abstract void strike(Turn turn);

        String adds() {
            return switch (this) {
                case ERROR_EVENT -> ERROR + DONE;
                case ERROR_AND_RESET -> ERROR;
                default -> "";
            };
        }

        boolean cuts() {
            return this == RESET || this == SILENCE || this == ERROR_AND_RESET;
        }

        FailureKind kind() {
            return this == SILENCE ? FailureKind.BETWEEN_TOKENS_TIMEOUT : FailureKind.ENGINE_RESET;
        }
    }

    static Stream<Arguments> faultsAtEveryPhase() {
        List<String> phases = List.of(
                BEGINNING,
                BEGINNING + token("held"),
                BEGINNING + token("held") + token("too"),
                BEGINNING + token("2") + token("3") + token("4") + token("5"),
                BEGINNING + toolStart(0) + arguments(0, "{"),
                BEGINNING + token("held") + finish(0),
                BEGINNING + token("held") + finish(0) + USAGE);
        return bothSides()
                .flatMap(sides -> Stream.of(Fault.values())
                        .flatMap(fault -> phases.stream()
                                .map(sent -> Arguments.of(sides.get()[0], sides.get()[1], fault, sent))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("faultsAtEveryPhase")
    void nothingHeldIsLost(StreamReader.Kind client, EngineKind kind, Fault fault, String sent) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().data(sent);
            fault.strike(turn);
        });
        RouterUnderTest under = router.start(new RouterSetup()
                .engines(engine)
                .route("streamInterval", FOREVER)
                .route("timeouts", fault == Fault.SILENCE ? "{ betweenTokens: 100ms }" : "{ }"));
        StreamReader reader = ask(client, under);
        String all = reader.readToEnd();
        String expected = sent + fault.adds();
        assertThat(all).startsWith(expected);
        assertThat(reader.wasCut()).isEqualTo(fault.cuts());
        if (fault.cuts()) {
            OpenAiErrors.assertError(all.substring(expected.length() + "data: ".length()), fault.kind());
        } else {
            assertThat(all).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void halfAnEventIsPassedOnAsItCameAndNothingIsPutIntoIt(StreamReader.Kind client, EngineKind kind)
            throws IOException {
        String sent = BEGINNING + token("held") + "data: {\"half\":";
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().data(sent).reset();
        });
        StreamReader reader = ask(client, start(FOREVER, engine));
        assertThat(reader.readToEnd()).isEqualTo(sent);
        assertThat(reader.wasCut()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void aRouterThatEndsGivesAwayWhatItHolds(StreamReader.Kind client, EngineKind kind) throws IOException {
        Gate begun = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream()
                    .data(BEGINNING)
                    .await(begun)
                    .data(token("held") + ": shown\n\n" + token("held too"))
                    .awaitPeerLeft();
        });
        RouterUnderTest under = start(FOREVER, engine);
        StreamReader reader = ask(client, under);
        reader.readAsFarAs(BEGINNING);
        begun.open();
        String shown = BEGINNING + token("held") + ": shown\n\n" + token("held too");
        reader.readAsFarAs(BEGINNING + token("held") + ": shown\n\n");
        under.close();
        String all = reader.readToEnd();
        assertThat(all).startsWith(shown);
        OpenAiErrors.assertError(all.substring(shown.length() + "data: ".length()), FailureKind.DRAINING);
    }

    @ParameterizedTest
    @MethodSource("bothSides")
    void aClientThatLeavesWhileEventsAreHeldStopsTheEngine(StreamReader.Kind client, EngineKind kind)
            throws IOException {
        Gate begun = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream()
                    .data(BEGINNING)
                    .await(begun)
                    .data(token("held") + "data: ")
                    .awaitPeerLeft();
        });
        RouterUnderTest under = start(FOREVER, engine);
        StreamReader reader = ask(client, under);
        reader.readAsFarAs(BEGINNING);
        begun.open();
        reader.close();
        engine.journal().awaitAborts(1);
        under.awaitNothingInFlight();
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatDoesNotReadHoldsTheEngineBackAndThenEveryByteArrives(EngineKind kind) throws IOException {
        String event = token("x".repeat(500));
        int events = 60_000;
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream();
            byte[] many = event.repeat(20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < events / 20; i++) {
                turn.data(many);
            }
            turn.event("[DONE]").end();
        });
        RouterUnderTest under = start("{ events: 1000, maxDelay: 10s, maxBytes: 4MiB }", engine);
        RawClient slow = router.closing(RawClient.connect(under.port(), 32 << 10));
        WireHead head = slow.post("/v1/chat/completions", BODY).readHead();
        assertThat(standstill(engine)).isLessThan(BOUND);
        byte[] body = slow.readBody(head);
        assertThat(new String(body, StandardCharsets.UTF_8).equals(event.repeat(events) + DONE))
                .isTrue();
        under.awaitNothingInFlight();
        assertThat(under.metric("penstock_stream_flushes_total", "reason=\"slow_client\""))
                .isPositive();
    }

    /** Waits until the engine's connection takes nothing more; returns what it took. */
    private static long standstill(ScriptedEngine engine) {
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(150)).until(() -> {
            long now = engine.journal().bytesWritten();
            return now > 0 && before.getAndSet(now) == now;
        });
        return before.get();
    }

    @Test
    void withoutAnIntervalTooTheEndOfAnEventIsKnownHoweverItWasChunked() throws IOException {
        FakeEngine engine = router.engine()
                .next(turn -> {
                    turn.request();
                    turn.eventStream().data("data: 1\r\n").data("\r").data("\n").reset();
                })
                .next(turn -> {
                    turn.request();
                    turn.eventStream().data("data: 1").data("\n").reset();
                });
        RouterUnderTest under = router.start(engine);
        StreamReader whole = ask(StreamReader.Kind.HTTP1, under);
        String all = whole.readToEnd();
        assertThat(all).startsWith("data: 1\r\n\r\ndata: {");
        OpenAiErrors.assertError(all.substring("data: 1\r\n\r\ndata: ".length()), FailureKind.ENGINE_RESET);
        assertThat(ask(StreamReader.Kind.HTTP1, under).readToEnd()).isEqualTo("data: 1\n");
    }
}
