package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code /tokenize} and {@code /detokenize}. Threading: immutable. */
final class TokenOperations {

    private final ModelCatalog models;
    private final int maxModelLength;

    TokenOperations(ModelCatalog models, int maxModelLength) {
        this.models = models;
        this.maxModelLength = maxModelLength;
    }

    void tokenize(EngineRequest request, Reply reply) {
        Fields fields = request.fields();
        boolean chat = !fields.get("messages").isMissingNode();
        String prompt = chat
                ? PromptReader.chat(fields).get(0)
                : PromptReader.texts(fields, "prompt").get(0);
        models.resolve(fields.textOrNull("model"));
        int[] ids = SimulatedTokenizer.encode(prompt);
        ObjectNode body = Json.object().put("count", ids.length).put("max_model_len", maxModelLength);
        ArrayNode tokens = body.putArray("tokens");
        for (int id : ids) {
            tokens.add(id);
        }
        if (fields.flag("return_token_strs")) {
            texts(body.putArray("token_strs"), ids);
        } else {
            body.putNull("token_strs");
        }
        reply.whole(200, "application/json", Json.bytes(body));
    }

    private static void texts(ArrayNode texts, int[] ids) {
        for (int id : ids) {
            texts.add(SimulatedTokenizer.decode(new int[] {id}));
        }
    }

    void detokenize(EngineRequest request, Reply reply) {
        Fields fields = request.fields();
        int[] ids = PromptReader.ids(fields.required("tokens"), "tokens");
        models.resolve(fields.textOrNull("model"));
        ObjectNode body = Json.object().put("prompt", SimulatedTokenizer.decode(ids));
        reply.whole(200, "application/json", Json.bytes(body));
    }
}
