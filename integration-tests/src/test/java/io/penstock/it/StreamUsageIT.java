package io.penstock.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers tell of their tokens, and that asking for it changes nothing else. */
final class StreamUsageIT {

    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"model\":\"m\",\"stream\": true}";
    private static final String ASKING =
            "{\"stream_options\":{\"include_usage\":true},\"model\":\"m\",\"stream\": true}";
    private static final String STREAM = String.join("", RecordedStreams.text());
    private static final String WITHOUT_USAGE = STREAM.replace(RecordedStreams.USAGE, "");

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** An engine that streams a text in pieces of so many characters, and notes what it is asked. */
    private ScriptedEngine streaming(EngineKind kind, String stream, int pieces) {
        return kind.start(router).answering(turn -> {
            received.add(turn.request().text());
            turn.eventStream();
            for (int at = 0; at < stream.length(); at += pieces) {
                turn.data(stream.substring(at, Math.min(stream.length(), at + pieces)));
            }
            turn.end();
        });
    }

    private RouterUnderTest start(RouterSetup setup, ScriptedEngine engine) {
        return router.start(setup.engines(engine).server("accessLog", "on").yaml(), out);
    }

    private static RouterSetup always() {
        return new RouterSetup().route("usage", "always");
    }

    private RawResponse ask(RouterUnderTest under, String path, String body, String... headers) throws IOException {
        return router.client(under).post(path, body, headers).readResponse();
    }

    private JsonNode line() {
        await().until(() -> out.toString(UTF_8).endsWith("\n"));
        return OpenAiErrors.parse(out.toString(UTF_8).lines().toList().get(0));
    }

    private static double tokens(RouterUnderTest under, ScriptedEngine engine, String kind) {
        under.awaitNothingInFlight();
        return under.metric(
                "penstock_tokens_total",
                "route=\"main\",pool=\"chat\",model=\"m\",engine=\"" + engine.name() + "\",kind=\"" + kind + "\"");
    }

    static Stream<Arguments> cuts() {
        return Stream.of(EngineKind.values())
                .flatMap(kind -> Stream.of(1, 7, 100, 1_000_000).map(pieces -> Arguments.of(kind, pieces)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void theRouterAsksAndKeepsTheAnswerToItself(EngineKind kind, int pieces) throws IOException {
        ScriptedEngine engine = streaming(kind, STREAM, pieces);
        RouterUnderTest under = start(always(), engine);
        assertThat(ask(under, CHAT, BODY).text()).isEqualTo(WITHOUT_USAGE);
        assertThat(received).containsExactly(ASKING);

        assertThat(tokens(under, engine, "prompt")).isEqualTo(11);
        assertThat(tokens(under, engine, "cached")).isEqualTo(8);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
        assertThat(line().path("tokens")).hasToString("{\"prompt\":11,\"cached\":8,\"completion\":25}");
    }

    @ParameterizedTest
    @EnumSource
    void soItDoesForClientsOfHttp2(EngineKind kind) {
        ScriptedEngine engine = streaming(kind, STREAM, 50);
        RouterUnderTest under = start(always(), engine);
        try (H2cClient client = new H2cClient(under.port())) {
            assertThat(client.post(CHAT, BODY).body.join()).isEqualTo(WITHOUT_USAGE);
        }
        assertThat(received).containsExactly(ASKING);
    }

    @ParameterizedTest
    @EnumSource
    void soItDoesWhereEventsAreMerged(EngineKind kind) throws IOException {
        ScriptedEngine engine = streaming(kind, STREAM, 1_000_000);
        RouterUnderTest under =
                start(always().route("streamInterval", "{ events: 1000, maxDelay: 10s, mode: merge }"), engine);
        String merged = ask(under, CHAT, BODY).text();
        assertThat(EventText.said(merged, 0)).isEqualTo(EventText.said(STREAM, 0));
        assertThat(merged).doesNotContain("usage").hasSizeLessThan(STREAM.length() / 2);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatAsksIsGivenTheUsage(EngineKind kind) throws IOException {
        ScriptedEngine engine = streaming(kind, STREAM, 50);
        RouterUnderTest under = start(always(), engine);
        assertThat(ask(under, CHAT, ASKING).text()).isEqualTo(STREAM);
        assertThat(received).containsExactly(ASKING);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
    }

    @ParameterizedTest
    @EnumSource
    void unlessTheRouteSaysSoNothingIsAskedOrKept(EngineKind kind) throws IOException {
        ScriptedEngine engine = streaming(kind, STREAM, 50);
        RouterUnderTest under = start(new RouterSetup(), engine);
        assertThat(ask(under, CHAT, BODY).text()).isEqualTo(STREAM);
        assertThat(received).containsExactly(BODY);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
        assertThat(under.metric("penstock_time_to_first_token_seconds_count", "route=\"main\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_output_tokens_per_second_count", "route=\"main\""))
                .isBetween(0.0, 1.0);
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatAnnouncedItsLengthStaysWhole(EngineKind kind) throws IOException {
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: text/event-stream", "content-length: " + STREAM.getBytes(UTF_8).length)
                    .data(STREAM)
                    .end();
        });
        RouterUnderTest under =
                start(always().route("streamInterval", "{ events: 1000, maxDelay: 10s, mode: merge }"), engine);
        RawResponse hidden = ask(under, CHAT, BODY);
        assertThat(EventText.said(hidden.text(), 0)).isEqualTo(EventText.said(STREAM, 0));
        assertThat(hidden.text()).doesNotContain("usage");
        assertThat(ask(under, CHAT, ASKING).text()).isEqualTo(STREAM);
    }

    @Test
    void otherApisAreNotAskedAndTellAnyway() throws IOException {
        ScriptedEngine messages = streaming(EngineKind.HTTP1, String.join("", RecordedStreams.messages()), 60);
        RouterUnderTest under = start(always(), messages);
        assertThat(ask(under, "/v1/messages", BODY).text()).isEqualTo(String.join("", RecordedStreams.messages()));
        assertThat(received).containsExactly(BODY);
        assertThat(tokens(under, messages, "completion")).isEqualTo(25);

        ScriptedEngine responses = streaming(EngineKind.HTTP1, String.join("", RecordedStreams.responses()), 60);
        under = start(always(), responses);
        assertThat(ask(under, "/v1/responses", BODY).text()).isEqualTo(String.join("", RecordedStreams.responses()));
        assertThat(tokens(under, responses, "prompt")).isEqualTo(11);
        assertThat(tokens(under, responses, "cached")).isEqualTo(8);
        assertThat(tokens(under, responses, "completion")).isEqualTo(25);
    }

    /** Pieces as events, and all of them at once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theBeginningOfMessagesTellsOfThePrompt(boolean together) throws IOException {
        List<String> events = RecordedStreams.messages();
        ScriptedEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream();
            (together ? List.of(String.join("", events)) : events).forEach(turn::data);
            turn.end();
        });
        RouterUnderTest under = start(new RouterSetup(), engine);
        ask(under, "/v1/messages", BODY);
        assertThat(tokens(under, engine, "prompt")).isEqualTo(11);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
    }

    @ParameterizedTest
    @EnumSource
    void aWholeAnswerTellsAtItsEnd(EngineKind kind) throws IOException {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"" + "long ".repeat(50_000)
                + "\"}}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":25}}";
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/json").data(answer).end();
        });
        RouterUnderTest under = start(always(), engine);
        assertThat(ask(under, CHAT, "{\"model\":\"m\"}").text()).isEqualTo(answer);
        assertThat(tokens(under, engine, "prompt")).isEqualTo(11);
        assertThat(tokens(under, engine, "completion")).isEqualTo(25);
        assertThat(under.metric("penstock_time_to_first_token_seconds_count", ""))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aCutStreamCountsWithTheEventsThatWereDelivered(EngineKind kind) throws IOException {
        List<String> events = RecordedStreams.text();
        Gate delivered = new Gate();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream();
            events.subList(0, 5).forEach(turn::data);
            turn.data(": comment\n\n").data("data: {\"half");
            turn.await(delivered).reset();
        });
        RouterUnderTest under = start(always(), engine);
        try (RawClient client = RawClient.connect(under.port())) {
            client.post(CHAT, BODY).readHead();
            StringBuilder read = new StringBuilder();
            while (read.indexOf("comment") < 0) {
                read.append(new String(client.readChunk(), UTF_8));
            }
            delivered.open();
            JsonNode line = line();
            assertThat(line.path("failure").asText()).isEqualTo("engine_reset");
            assertThat(line.path("tokens").isNull()).isTrue();
            assertThat(line.path("events").asInt()).isEqualTo(5);
            assertThat(under.metric("penstock_cut_stream_events_total", "route=\"main\""))
                    .isEqualTo(5);
        }
    }

    @Test
    void tokenLimitsAreChargedWhatTheAnswerTold() throws IOException {
        ScriptedEngine engine = streaming(EngineKind.HTTP1, STREAM, 50);
        RouterUnderTest under = start(always().route("access", "{ tokensPerMinute: 600 }"), engine);
        assertThat(ask(under, CHAT, BODY).head().value("x-ratelimit-remaining-tokens"))
                .isEqualTo("599");
        String left = ask(under, CHAT, BODY).head().value("x-ratelimit-remaining-tokens");
        assertThat(Integer.parseInt(Objects.requireNonNull(left))).isBetween(600 - 36 - 1, 600 - 36 + 20);
    }
}
