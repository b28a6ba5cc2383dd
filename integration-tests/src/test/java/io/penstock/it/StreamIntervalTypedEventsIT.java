package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.ScriptedEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events of {@code /v1/messages} and {@code /v1/responses} are held and written together, byte for byte. The delay is longer than
 * the test: whatever arrives had another reason.
 */
final class StreamIntervalTypedEventsIT {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";

    /** An API's stream in pieces, at whose ends is a reason to write them; and how often there is which. */
    enum Api {
        MESSAGES("/v1/messages") {
            @Override
            Map<String, Integer> reasons() {
                return Map.of("structure", 7, "first", 3, "events", 1, "usage", 1);
            }

            @Override
            List<String> pieces() {
                return List.of(
                        typed("message_start", ",\"message\":{\"usage\":{\"input_tokens\":11,\"output_tokens\":0}}"),
                        typed("content_block_start", ",\"index\":0"),
                        says("first"),
                        says("b") + says("c") + typed("content_block_stop", ",\"index\":0"),
                        typed("content_block_start", ",\"index\":1"),
                        calls("first"),
                        calls("b") + calls("c") + calls("d") + calls("e"),
                        calls("f") + typed("ping", ""),
                        calls("first again"),
                        calls("g") + typed("content_block_stop", ",\"index\":1"),
                        typed("message_delta", ",\"delta\":{},\"usage\":{\"output_tokens\":25}"),
                        typed("message_stop", ""));
            }

            @Override
            String broken() {
                return String.join("", pieces().subList(0, 3))
                        + says("held")
                        + says("too")
                        + typed("error", ",\"error\":{\"type\":\"internal_error\",\"message\":\"m\"}");
            }
        },
        RESPONSES("/v1/responses") {
            @Override
            Map<String, Integer> reasons() {
                return Map.of("structure", 8, "first", 2, "events", 1);
            }

            @Override
            List<String> pieces() {
                return List.of(
                        numbered("response.created", 0, ""),
                        numbered("response.in_progress", 1, ""),
                        numbered("response.output_item.added", 2, ""),
                        numbered("response.content_part.added", 3, ""),
                        text(4),
                        text(5) + text(6) + numbered("response.output_text.done", 7, ",\"text\":\"ttt\""),
                        numbered("response.output_item.added", 8, ""),
                        arguments(9),
                        arguments(10) + arguments(11) + arguments(12) + arguments(13),
                        arguments(14) + numbered("response.function_call_arguments.done", 15, ""),
                        numbered("response.completed", 16, ",\"response\":{\"usage\":{\"output_tokens\":25}}"));
            }

            @Override
            String broken() {
                return String.join("", pieces().subList(0, 5)) + text(5) + text(6);
            }
        };

        private final String path;

        Api(String path) {
            this.path = path;
        }

        abstract List<String> pieces();

        abstract Map<String, Integer> reasons();

        /** What an engine sends that fails while events are held: of the two only one tells it. */
        abstract String broken();

        private static String typed(String type, String fields) {
            return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + fields + "}\n\n";
        }

        private static String block(String type, String field, String text) {
            String delta = "{\"type\":\"" + type + "\",\"" + field + "\":\"" + text + "\"}";
            return typed("content_block_delta", ",\"index\":0,\"delta\":" + delta);
        }

        private static String says(String text) {
            return block("text_delta", "text", text);
        }

        private static String calls(String json) {
            return block("input_json_delta", "partial_json", json);
        }

        private static String numbered(String type, int number, String fields) {
            return typed(type, ",\"sequence_number\":" + number + fields);
        }

        private static String text(int number) {
            return numbered("response.output_text.delta", number, ",\"delta\":\"t\"");
        }

        private static String arguments(int number) {
            return numbered("response.function_call_arguments.delta", number, ",\"delta\":\"{\"");
        }
    }

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private final List<StreamReader> clients = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (StreamReader client : clients) {
            client.close();
        }
    }

    static Stream<Arguments> everywhere() {
        return StreamIntervalIT.bothSides()
                .flatMap(
                        sides -> Stream.of(Api.values()).map(api -> Arguments.of(sides.get()[0], sides.get()[1], api)));
    }

    private RouterUnderTest start(ScriptedEngine engine) {
        return router.start(
                new RouterSetup().engines(engine).route("streamInterval", "{ events: 4, maxDelay: 10s, mode: batch }"));
    }

    private StreamReader ask(StreamReader.Kind kind, Api api, RouterUnderTest under) throws IOException {
        StreamReader client = kind.askAt(api.path, under, BODY);
        clients.add(client);
        return client;
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void whatMustNotWaitIsThereBeforeTheEngineGoesOn(StreamReader.Kind client, EngineKind kind, Api api)
            throws IOException {
        List<String> pieces = api.pieces();
        List<Gate> gates = Stream.generate(Gate::new).limit(pieces.size()).toList();
        RouterUnderTest under = start(kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream();
            for (int i = 0; i < pieces.size(); i++) {
                turn.await(gates.get(i)).data(pieces.get(i));
            }
            turn.end();
        }));
        gates.get(0).open();
        StreamReader reader = ask(client, api, under);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            gates.get(i).open();
            all.append(pieces.get(i));
            assertThat(reader.readAsFarAs(all.toString())).isEqualTo(all.toString());
        }
        assertThat(reader.readToEnd()).isEqualTo(all.toString());
        assertThat(reader.wasCut()).isFalse();
        assertThat(reader.pieces()).as("written together").containsAll(pieces);
        under.awaitNothingInFlight();
        assertThat(api.reasons())
                .allSatisfy((reason, count) -> assertThat(
                                under.metric("penstock_stream_flushes_total", "reason=\"" + reason + "\""))
                        .as(reason)
                        .isEqualTo(count.doubleValue()));
        assertThat(under.metric("penstock_stream_bytes_saved_total", "route=\"main\""))
                .isZero();
    }

    /** An engine that sends each event by itself, and one that cuts them anywhere. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void whateverIsHeldArrivesByteForByte(StreamReader.Kind client, EngineKind kind, Api api) throws IOException {
        String sent = String.join("", api.pieces());
        ScriptedEngine engine = kind.start(router)
                .next(turn -> {
                    turn.request();
                    turn.eventStream();
                    for (int at = 0, end; (end = sent.indexOf("\n\n", at)) > 0; at = end + 2) {
                        turn.data(sent.substring(at, end + 2));
                    }
                    turn.end();
                })
                .answering(turn -> {
                    turn.request();
                    turn.eventStream();
                    for (int at = 0; at < sent.length(); at += 37) {
                        turn.data(sent.substring(at, Math.min(sent.length(), at + 37)));
                    }
                    turn.end();
                });
        RouterUnderTest under = start(engine);
        for (int i = 0; i < 2; i++) {
            StreamReader reader = ask(client, api, under);
            assertThat(reader.readToEnd()).isEqualTo(sent);
            assertThat(reader.wasCut()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void whatIsHeldGoesBeforeAnErrorAndBeforeACut(StreamReader.Kind client, EngineKind kind, Api api)
            throws IOException {
        String sent = api.broken();
        ScriptedEngine engine = kind.start(router).answering(turn -> {
            turn.request();
            turn.eventStream().data(sent).reset();
        });
        StreamReader reader = ask(client, api, start(engine));
        String all = reader.readToEnd();
        assertThat(all).startsWith(sent);
        assertThat(all.substring(sent.length())).as("the router's own").contains("\"error\":{");
        assertThat(reader.wasCut()).isTrue();
    }
}
