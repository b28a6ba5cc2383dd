package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * {@code /v1/embeddings}: small vectors fixed by seed and text, at once and without a slot; as numbers, or as base64 of
 * little-endian floats, which SDKs ask for. Threading: immutable.
 */
final class EmbeddingOperation implements Operation {

    /** Numbers in a vector. */
    static final int DIMENSIONS = 8;

    private final ModelCatalog models;
    private final WallClock clock;
    private final long seed;

    EmbeddingOperation(ModelCatalog models, WallClock clock, long seed) {
        this.models = models;
        this.clock = clock;
        this.seed = seed;
    }

    @Override
    public void answer(EngineRequest request, Reply reply) {
        Fields fields = request.fields();
        List<String> inputs = PromptReader.texts(fields, "input");
        boolean base64 = "base64".equals(fields.textOrNull("encoding_format"));
        ObjectNode body = Json.object()
                .put("id", "embd-" + request.id(fields))
                .put("object", "list")
                .put("created", clock.seconds())
                .put("model", models.resolve(fields.textOrNull("model")));
        ArrayNode data = body.putArray("data");
        int tokens = 0;
        for (String input : inputs) {
            ObjectNode one = data.addObject().put("index", data.size() - 1).put("object", "embedding");
            put(one, vector(seed, input), base64);
            tokens += SimulatedTokenizer.encode(input).length;
        }
        new Usage(tokens, 0).into(body, -1);
        reply.whole(200, "application/json", Json.bytes(body));
    }

    /** Numbers from -1 to 1. */
    static float[] vector(long seed, String input) {
        float[] vector = new float[DIMENSIONS];
        long state = Mixing.mix(seed, Mixing.of(input));
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (short) Mixing.mix(state, i) / 32_768f;
        }
        return vector;
    }

    private static void put(ObjectNode one, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(DIMENSIONS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            one.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        ArrayNode numbers = one.putArray("embedding");
        for (float number : vector) {
            numbers.add(number);
        }
    }
}
