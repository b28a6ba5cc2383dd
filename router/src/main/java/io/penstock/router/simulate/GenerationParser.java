package io.penstock.router.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads and checks generation requests as vLLM does, and decides their answers. Fields it does not know are ignored.
 * Threading: immutable.
 */
final class GenerationParser {

    private static final int MAX_STOPS = 4;
    private static final int MAX_CHOICES = 16_384;

    private final SimulatedEngineOptions options;
    private final ModelCatalog models;

    GenerationParser(SimulatedEngineOptions options, ModelCatalog models) {
        this.options = options;
        this.models = models;
    }

    /** A chat; answers may use the rest of the context. */
    GenerationRequest chat(Fields fields, String id) {
        int limit = fields.number("max_completion_tokens", 1, fields.number("max_tokens", 1, Integer.MAX_VALUE));
        return read(fields, "chatcmpl-" + id, PromptReader.chat(fields), limit);
    }

    /** A completion; answers have 16 tokens unless the request says otherwise. */
    GenerationRequest completion(Fields fields, String id) {
        return read(fields, "cmpl-" + id, PromptReader.texts(fields, "prompt"), fields.number("max_tokens", 1, 16));
    }

    /** A response, whose id owes nothing to {@code x-request-id}. */
    GenerationRequest response(Fields fields, String unused) {
        String inBody = fields.textOrNull("request_id");
        String id = inBody != null ? inBody : "resp_" + EngineRequest.freshId();
        int limit = fields.number("max_output_tokens", 1, Integer.MAX_VALUE);
        return read(fields, id, PromptReader.responses(fields), limit);
    }

    private GenerationRequest read(Fields fields, String id, List<String> texts, int limit) {
        boolean stream = fields.flag("stream");
        Fields streamOptions = fields.inner("stream_options");
        if (!stream && !fields.get("stream_options").isMissingNode()) {
            throw new RequestRefused(EngineError.schema(
                    "value_error", "stream_options", "Stream options can only be defined when `stream=True`."));
        }
        String model = models.resolve(fields.textOrNull("model"));
        List<PromptTokens> prompts = prompts(texts, cacheRoot(fields, model), limit);
        int perPrompt = perPrompt(fields, prompts.size());
        boolean usage = streamOptions.flag("include_usage");
        return new GenerationRequest(
                id,
                model,
                prompts,
                choices(fields, prompts, perPrompt, limit),
                perPrompt,
                stream,
                usage,
                usage && streamOptions.flag("continuous_usage_stats"));
    }

    private long cacheRoot(Fields fields, String model) {
        String salt = fields.textOrNull("cache_salt");
        return Mixing.mix(Mixing.of(model), salt == null ? 0 : Mixing.of(salt));
    }

    private List<PromptTokens> prompts(List<String> texts, long root, int limit) {
        List<PromptTokens> prompts = new ArrayList<>(texts.size());
        for (String text : texts) {
            PromptTokens prompt = PromptTokens.of(text, root);
            long wanted = limit == Integer.MAX_VALUE ? 1 : limit;
            if (prompt.count() + wanted > options.maxModelLength()) {
                throw new RequestRefused(tooLong(prompt.count(), wanted));
            }
            prompts.add(prompt);
        }
        return prompts;
    }

    private EngineError tooLong(int promptTokens, long wanted) {
        String message = "This model's maximum context length is %d tokens. However, you requested %d output tokens and"
                + " your prompt contains at least %d input tokens, for a total of at least %d tokens. Please reduce the"
                + " length of the input prompt or the number of requested output tokens.";
        return EngineError.badRequest(
                message.formatted(options.maxModelLength(), wanted, promptTokens, promptTokens + wanted),
                "input_tokens");
    }

    private int perPrompt(Fields fields, int prompts) {
        int n = fields.number("n", 1, 1);
        if ((long) n * prompts > MAX_CHOICES) {
            throw new RequestRefused(EngineError.badRequest("n must be at most " + MAX_CHOICES + ".", "n"));
        }
        return n;
    }

    private List<Choice> choices(Fields fields, List<PromptTokens> prompts, int perPrompt, int limit) {
        List<String> stops = fields.texts("stop");
        if (stops.size() > MAX_STOPS || stops.contains("")) {
            throw new RequestRefused(EngineError.badRequest("stop takes 1 to 4 strings that are not empty.", "stop"));
        }
        boolean ignoresEnd = fields.flag("ignore_eos");
        int least = fields.number("min_tokens", 0, 0);
        List<Choice> choices = new ArrayList<>();
        for (PromptTokens prompt : prompts) {
            int room = Math.min(limit, options.maxModelLength() - prompt.count());
            for (int i = 0; i < perPrompt; i++) {
                SimulatedText full = SimulatedText.of(options.seed(), prompt.textHash(), i);
                SimulatedText text = options.plainText() ? full.plain() : full;
                int natural = Math.max(least + 1, text.naturalTokens(options.answerTokens()));
                choices.add(Choice.of(choices.size(), text, room, ignoresEnd ? Integer.MAX_VALUE : natural, stops));
            }
        }
        return choices;
    }
}
