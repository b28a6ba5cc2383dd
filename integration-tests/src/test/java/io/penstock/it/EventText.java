package io.penstock.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** Reads the text out of a body of server-sent events. Threading: immutable. */
final class EventText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EventText() {}

    /** What choice {@code index} says; fails unless the body is whole events that end with {@code [DONE]}. */
    static String said(String body, int index) {
        if (!body.endsWith("\n\ndata: [DONE]\n\n")) {
            throw new AssertionError("no [DONE] at the end: " + body.substring(Math.max(0, body.length() - 200)));
        }
        StringBuilder text = new StringBuilder();
        for (String event : body.split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                for (JsonNode choice : parse(event.substring("data: ".length())).path("choices")) {
                    if (choice.path("index").asInt() == index) {
                        text.append(choice.path("delta").path("content").asText());
                        text.append(choice.path("text").asText());
                    }
                }
            }
        }
        return text.toString();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
