package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The chat template of the simulated engine: {@code <|role|>content<|end|>} and a line break per message, then
 * {@code <|assistant|>}. A conversation that goes on keeps its prefix, so the prefix cache works as with real
 * templates. Threading: immutable.
 */
public final class ChatPrompt {

    private static final String END = "<|end|>\n";
    private static final String ANSWER = "<|assistant|>";

    private ChatPrompt() {}

    /** The prompt of one user message. */
    public static String ofUser(String content) {
        return turn("user", content) + ANSWER;
    }

    /** The prompt of an array of messages; parts that are no text stand as {@code <type>}. */
    public static String of(JsonNode messages) {
        StringBuilder prompt = new StringBuilder();
        for (JsonNode message : messages) {
            prompt.append(turn(message.path("role").asText("user"), content(message.path("content"))));
        }
        return prompt.append(ANSWER).toString();
    }

    static String turn(String role, String content) {
        return "<|" + role + "|>" + content + END;
    }

    static String content(JsonNode content) {
        if (!content.isArray()) {
            return content.isNull() ? "" : content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            JsonNode words = part.path("text");
            text.append(
                    words.isTextual()
                            ? words.textValue()
                            : "<" + part.path("type").asText() + ">");
        }
        return text.toString();
    }
}
