package io.penstock.router.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.tokenize.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of answers to {@code /tokenize} and {@code /detokenize}, in vLLM's shape. Made off the event loop to their last
 * byte: a long list of ids takes longer to write than to find. Threading: pure functions, on any thread.
 */
final class TokenizeAnswers {

    private static final JsonFactory JSON = new JsonFactory();

    private TokenizeAnswers() {}

    /**
     * The tokens of a text, or of a chat.
     *
     * @param call whose length is told, and who may not want the answer any more
     * @return null if only an engine can tell, as a chat needs a template
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} if there is nothing to tokenize
     */
    static byte @Nullable [] tokenize(ByteBuf body, LoadedTokenizer by, Tokenizer tokenizer, PromptCall call)
            throws IOException, ProxyFailure {
        PromptBody prompt = read(body);
        boolean special = prompt.addSpecial() == null ? !prompt.chat() : prompt.addSpecial();
        String text = prompt.chat()
                ? rendered(body, by)
                : prompt.texts().size() == 1 ? prompt.texts().get(0) : null;
        if (prompt.chat() && (text == null || !prompt.textOnly())) {
            return null;
        }
        if (text == null) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST,
                    "The request needs a prompt, which is one text, or messages, which are a list.");
        }
        int[] ids = tokenizer.encode(text, special, call.unwanted());
        List<String> pieces = prompt.wantsPieces() ? tokenizer.pieces(text, special) : null;
        return tokens(ids, pieces, call.wants().maxModelLen());
    }

    /**
     * The text of some tokens.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} if there are none
     */
    static byte[] detokenize(ByteBuf body, Tokenizer tokenizer) throws IOException, ProxyFailure {
        PromptBody prompt = read(body);
        if (!prompt.texts().isEmpty() || prompt.ids().size() > 1 || !prompt.textOnly()) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST, "The request needs tokens, which are a list of whole numbers.");
        }
        int[] ids = prompt.ids().isEmpty() ? new int[0] : prompt.ids().get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("prompt", tokenizer.decode(ids));
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    private static PromptBody read(ByteBuf body) throws IOException, ProxyFailure {
        try {
            return PromptReader.read(new ByteBufInputStream(body.duplicate()));
        } catch (JsonProcessingException e) {
            throw ProxyFailure.of(
                    FailureKind.BAD_REQUEST,
                    "The request body is not valid JSON at byte "
                            + e.getLocation().getByteOffset() + ".");
        }
    }

    private static @Nullable String rendered(ByteBuf body, LoadedTokenizer by) {
        ChatRenderer chats = by.chats();
        try {
            return chats == null ? null : chats.render(new ByteBufInputStream(body.duplicate()));
        } catch (IOException anEngineMayKnow) {
            return null;
        }
    }

    private static byte[] tokens(int[] ids, @Nullable List<String> pieces, int maxModelLen) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 + 7 * ids.length);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("count", ids.length);
            if (maxModelLen > 0) {
                json.writeNumberField("max_model_len", maxModelLen);
            } else {
                json.writeNullField("max_model_len");
            }
            json.writeFieldName("tokens");
            json.writeArray(ids, 0, ids.length);
            if (pieces == null) {
                json.writeNullField("token_strs");
            } else {
                json.writeArrayFieldStart("token_strs");
                for (String piece : pieces) {
                    json.writeString(piece);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
