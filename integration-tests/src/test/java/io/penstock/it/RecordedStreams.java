package io.penstock.it;

import java.util.ArrayList;
import java.util.List;

/** Streams as engines send them, event by event. Threading: immutable. */
final class RecordedStreams {

    /** What a client that asked for usage gets last but one. */
    static final String USAGE =
            event("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"total_tokens\":36,\"completion_tokens\":25,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":8}}}");

    static final String DONE = event("[DONE]");

    private static final String[] WORDS = {
        "Hel", "lo", ", \\\"wor", "ld\\\"", "\\ud83d", "\\ude00", " \u00e9\u20ac", "\\n", "x", "y", "z", "!"
    };

    private RecordedStreams() {}

    private static String event(String json) {
        return "data: " + json + "\n\n";
    }

    /** Chats: a text, two calls of tools, and two choices with log probabilities. */
    static List<List<String>> chats() {
        return List.of(text(), tools(), twoChoices());
    }

    private static String chunk(int choice, String delta, String rest) {
        return event(
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":["
                        + "{\"index\":" + choice + ",\"delta\":{" + delta + "}" + rest + "}]}");
    }

    private static String delta(String fields) {
        return chunk(0, fields, ",\"logprobs\":null,\"finish_reason\":null,\"token_ids\":null");
    }

    private static String finish(int choice, String reason) {
        return chunk(choice, "", ",\"finish_reason\":\"" + reason + "\",\"stop_reason\":null");
    }

    private static List<String> chat(List<String> body) {
        List<String> events = new ArrayList<>();
        events.add(delta("\"role\":\"assistant\",\"content\":\"\""));
        events.addAll(body);
        events.add(USAGE);
        events.add(DONE);
        return events;
    }

    private static void say(List<String> events, String kind) {
        for (String word : WORDS) {
            events.add(delta("\"" + kind + "\":\"" + word + "\""));
        }
    }

    static List<String> text() {
        List<String> body = new ArrayList<>();
        say(body, "content");
        body.add(finish(0, "stop"));
        return chat(body);
    }

    /** Reasoning and text; of the reasoning the SDK keeps the last piece only. */
    static List<String> reasoning() {
        List<String> body = new ArrayList<>();
        say(body, "reasoning_content");
        say(body, "content");
        body.add(finish(0, "stop"));
        return chat(body);
    }

    private static List<String> tools() {
        List<String> body = new ArrayList<>();
        say(body, "content");
        for (int call = 0; call < 2; call++) {
            body.add(delta("\"tool_calls\":[{\"index\":" + call + ",\"id\":\"call_" + call + "\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"f" + call + "\",\"arguments\":\"\"}}]"));
            for (String piece : "{,\\\"city\\\",:,\\\"Par,is\\\",\\u002c,\\\"n\\\":1,}".split(",", -1)) {
                body.add(delta(
                        "\"tool_calls\":[{\"index\":" + call + ",\"function\":{\"arguments\":\"" + piece + "\"}}]"));
            }
        }
        body.add(finish(0, "tool_calls"));
        return chat(body);
    }

    private static List<String> twoChoices() {
        List<String> body = new ArrayList<>();
        body.add(chunk(1, "\"role\":\"assistant\",\"content\":\"\"", ",\"logprobs\":null,\"finish_reason\":null"));
        for (int i = 0; i < 20; i++) {
            body.add(chunk(
                    i % 2,
                    "\"content\":\"" + i + "\"",
                    ",\"logprobs\":{\"content\":[{\"token\":\"" + i + "\",\"logprob\":-0.00012" + i
                            + ",\"bytes\":[48],\"top_logprobs\":[]}]},\"finish_reason\":null"));
        }
        body.add(finish(0, "stop"));
        body.add(finish(1, "length"));
        return chat(body);
    }

    static List<String> completion() {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(completionChunk("w" + i, i, "null"));
        }
        events.add(completionChunk("", 20, "\"length\""));
        events.add(DONE);
        return events;
    }

    private static String completionChunk(String text, int offset, String reason) {
        return event(
                "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"text\":\"" + text + "\",\"logprobs\":{\"text_offset\":[" + offset
                        + "],\"token_logprobs\":[-0." + offset
                        + "1],\"tokens\":[\"" + text + "\"],\"top_logprobs\":[null]},\"finish_reason\":" + reason
                        + "}]}");
    }

    static List<String> messages() {
        return List.of(
                typed("message_start", "\"message\":{\"usage\":{\"input_tokens\":11,\"output_tokens\":0}}"),
                typed("content_block_start", "\"index\":0"),
                typed("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a\"}"),
                typed("content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"b\"}"),
                typed("content_block_stop", "\"index\":0"),
                typed("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":25}"),
                typed("message_stop", "\"x\":0"));
    }

    static List<String> responses() {
        return List.of(
                typed("response.created", "\"sequence_number\":0"),
                typed("response.output_text.delta", "\"sequence_number\":1,\"delta\":\"a\""),
                typed("response.output_text.delta", "\"sequence_number\":2,\"delta\":\"b\""),
                typed("response.output_text.done", "\"sequence_number\":3,\"text\":\"ab\""),
                typed(
                        "response.completed",
                        "\"sequence_number\":4,\"response\":{\"output\":[],\"usage\":{\"input_tokens\":11,"
                                + "\"input_tokens_details\":{\"cached_tokens\":8},\"output_tokens\":25}}"));
    }

    private static String typed(String type, String fields) {
        return "event: " + type + "\n" + event("{\"type\":\"" + type + "\"," + fields + "}");
    }
}
