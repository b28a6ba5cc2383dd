package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/** Finds the prompts in a request's body. Threading: immutable. */
final class PromptReader {

    private static final int MAX_PROMPTS = 1024;

    private PromptReader() {}

    /** The one prompt of a chat. */
    static List<String> chat(Fields fields) {
        JsonNode messages = fields.required("messages");
        if (!messages.isArray()) {
            throw new RequestRefused(EngineError.schema("list_type", "messages", "Input should be a valid list"));
        }
        for (JsonNode message : messages) {
            if (!message.isObject() || !message.path("role").isTextual()) {
                throw new RequestRefused(EngineError.schema("missing", "messages', 'role", "Field required"));
            }
        }
        return List.of(ChatPrompt.of(messages));
    }

    /** The prompts of completions or embeddings: a text, a list of texts, a list of token ids, or a list of those. */
    static List<String> texts(Fields fields, String name) {
        JsonNode value = fields.required(name);
        List<String> prompts = new ArrayList<>();
        if (value.isTextual()) {
            prompts.add(value.textValue());
        } else if (value instanceof ArrayNode ids && ids.path(0).isNumber()) {
            prompts.add(SimulatedTokenizer.decode(ids(ids, name)));
        } else if (value instanceof ArrayNode list && !list.isEmpty() && list.size() <= MAX_PROMPTS) {
            for (JsonNode one : list) {
                prompts.add(one.isTextual() ? one.textValue() : SimulatedTokenizer.decode(ids(one, name)));
            }
        } else {
            throw new RequestRefused(EngineError.badRequest("Either a text or a list of 1 to 1024 is needed.", name));
        }
        return prompts;
    }

    /** The one prompt of a Responses request. */
    static List<String> responses(Fields fields) {
        JsonNode input = fields.required("input");
        String instructions = fields.textOrNull("instructions");
        String before = instructions == null ? "" : ChatPrompt.turn("system", instructions);
        return List.of(before + (input.isArray() ? ChatPrompt.of(input) : ChatPrompt.ofUser(input.asText())));
    }

    /** An array of token ids. */
    static int[] ids(JsonNode array, String name) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = array.path(i);
            if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= SimulatedTokenizer.VOCABULARY_SIZE) {
                throw new RequestRefused(EngineError.badRequest("Token id " + id + " is out of vocabulary", name));
            }
            ids[i] = id.intValue();
        }
        if (ids.length == 0) {
            throw new RequestRefused(EngineError.badRequest("An empty list of tokens is no prompt", name));
        }
        return ids;
    }
}
