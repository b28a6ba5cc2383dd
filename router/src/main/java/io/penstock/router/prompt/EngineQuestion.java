package io.penstock.router.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is asked about one request: a body for its {@code /tokenize}, made off the event loops. Threading: confined to
 * one request.
 */
final class EngineQuestion {

    private static final JsonFactory JSON = new JsonFactory();

    /** What goes over from the request; what else there is does not change its tokens. */
    private static final Set<String> FIELDS = Set.of(
            "prompt",
            "messages",
            "tools",
            "documents",
            "add_special_tokens",
            "add_generation_prompt",
            "continue_final_message",
            "chat_template_kwargs",
            "reasoning_effort");

    private final byte[] json;
    private final PromptBody prompt;
    private final PromptKind kind;

    private EngineQuestion(byte[] json, PromptBody prompt, PromptKind kind) {
        this.json = json;
        this.prompt = prompt;
        this.kind = kind;
    }

    /**
     * The question about a request with this body.
     *
     * @param model the model as the engine knows it; null leaves it to the engine, as the request does
     * @return one that has no JSON, if nothing has to be asked or can be
     */
    static EngineQuestion of(ByteBuf body, PromptKind kind, @Nullable String model) throws IOException {
        PromptBody prompt = PromptReader.read(new ByteBufInputStream(body.duplicate()));
        boolean one =
                prompt.chat() || (prompt.texts().size() == 1 && prompt.ids().isEmpty());
        byte[] json = one ? json(body, model) : new byte[0];
        return new EngineQuestion(json, prompt, kind);
    }

    private static byte[] json(ByteBuf body, @Nullable String model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.readableBytes() + 64);
        try (JsonParser from = JSON.createParser((InputStream) new ByteBufInputStream(body.duplicate()));
                JsonGenerator to = JSON.createGenerator(out)) {
            to.writeStartObject();
            if (model != null) {
                to.writeStringField("model", model);
            }
            if (from.nextToken() == JsonToken.START_OBJECT) {
                for (String field = from.nextFieldName(); field != null; field = from.nextFieldName()) {
                    from.nextToken();
                    if (FIELDS.contains(field) || field.equals("input")) {
                        to.writeFieldName(field.equals("input") ? "prompt" : field);
                        to.copyCurrentStructure(from);
                    } else {
                        from.skipChildren();
                    }
                }
            }
            to.writeEndObject();
        }
        return out.toByteArray();
    }

    /** True if an engine has to answer. */
    boolean mustBeAsked() {
        return json.length > 0;
    }

    /** The body to send. */
    byte[] json() {
        return json;
    }

    /** The count, where the engine found so many tokens. */
    TokenCount answered(long tokens, long maxModelLen) {
        long found = prompt.truncated(tokens, kind, maxModelLen);
        return new TokenCount(found, found, prompt.isExact(kind), prompt.asked());
    }

    /** The count without an engine: exact for prompts that are ids, and a fourth of the bytes for texts. */
    TokenCount unasked(long maxModelLen) {
        long total = 0;
        long longest = 0;
        for (int[] ids : prompt.ids()) {
            long tokens = prompt.truncated(ids.length, kind, maxModelLen);
            total += tokens;
            longest = Math.max(longest, tokens);
        }
        for (String text : prompt.texts()) {
            total += text.length() / PromptCounter.BYTES_PER_TOKEN;
        }
        return new TokenCount(
                total, longest, prompt.isExact(kind) && prompt.texts().isEmpty(), prompt.asked());
    }
}
