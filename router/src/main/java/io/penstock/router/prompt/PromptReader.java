package io.penstock.router.prompt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link PromptBody} of a request in one pass. Takes time in proportion to the body: not for an event loop. Of keys
 * that come twice the last one counts, as for engines. Threading: confined to one body.
 */
final class PromptReader {

    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser json;
    private final List<String> texts = new ArrayList<>();
    private final List<int[]> ids = new ArrayList<>();
    private boolean chat;
    private int messages;
    private long otherBytes;
    private boolean textOnly = true;
    private long maxTokens;
    private long maxCompletionTokens;
    private long truncation = PromptBody.NO_TRUNCATION;
    private @Nullable Boolean addSpecial;
    private boolean wantsPieces;

    private PromptReader(JsonParser json) {
        this.json = json;
    }

    /**
     * Reads a body.
     *
     * @throws IOException if it is not JSON
     */
    static PromptBody read(InputStream body) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            PromptReader reader = new PromptReader(json);
            if (json.nextToken() == JsonToken.START_OBJECT) {
                for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
                    json.nextToken();
                    reader.field(field);
                }
            }
            return reader.found();
        }
    }

    private PromptBody found() {
        return new PromptBody(
                chat,
                texts,
                ids,
                messages,
                otherBytes,
                textOnly,
                maxCompletionTokens > 0 ? maxCompletionTokens : maxTokens,
                truncation,
                addSpecial,
                wantsPieces);
    }

    private void field(String name) throws IOException {
        switch (name) {
            case "messages" -> messages();
            case "prompt", "input" -> prompts();
            case "tokens" -> prompts();
            case "prompt_embeds", "chat_template" -> textOnly &= json.currentToken() == JsonToken.VALUE_NULL;
            case "tools", "documents", "system", "instructions" -> other();
            case "max_tokens" -> maxTokens = number(0);
            case "max_completion_tokens" -> maxCompletionTokens = number(0);
            case "truncate_prompt_tokens" -> truncation = number(PromptBody.NO_TRUNCATION);
            case "add_special_tokens" ->
                addSpecial = json.currentToken().isBoolean() ? (Boolean) json.getBooleanValue() : null;
            case "return_token_strs" -> wantsPieces = json.currentToken() == JsonToken.VALUE_TRUE;
            default -> {}
        }
        json.skipChildren();
    }

    private long number(long otherwise) throws IOException {
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                ? json.getLongValue()
                : otherwise;
    }

    private void other() throws IOException {
        long start = json.currentTokenLocation().getByteOffset();
        json.skipChildren();
        otherBytes += Math.max(0, json.currentLocation().getByteOffset() - start);
    }

    /** Text, a list of texts, a list of ids, or a list of both kinds of lists. */
    private void prompts() throws IOException {
        texts.clear();
        ids.clear();
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getText());
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            list();
        } else if (json.currentToken() != JsonToken.VALUE_NULL) {
            textOnly = false;
        }
    }

    private void list() throws IOException {
        int[] own = new int[16];
        int count = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            switch (token) {
                case VALUE_STRING -> texts.add(json.getText());
                case VALUE_NUMBER_INT -> {
                    own = count == own.length ? Arrays.copyOf(own, 2 * count) : own;
                    own[count++] = json.getIntValue();
                }
                case START_ARRAY -> list();
                default -> {
                    textOnly = false;
                    json.skipChildren();
                }
            }
        }
        if (count > 0) {
            ids.add(Arrays.copyOf(own, count));
        }
    }

    private void messages() throws IOException {
        chat = true;
        messages = 0;
        texts.clear();
        if (json.currentToken() != JsonToken.START_ARRAY) {
            textOnly = false;
            return;
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            messages++;
            if (json.currentToken() == JsonToken.START_OBJECT) {
                message();
            }
        }
    }

    /** What of a message ends up in a prompt more or less as it is: texts of any field but its role. */
    private void message() throws IOException {
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING && !field.equals("role")) {
                texts.add(json.getText());
            } else if (field.equals("content") && value == JsonToken.START_ARRAY) {
                parts();
            } else if (value.isStructStart()) {
                other();
            }
        }
    }

    private void parts() throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                part();
            } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                texts.add(json.getText());
            }
        }
    }

    private void part() throws IOException {
        boolean text = false;
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (json.nextToken() == JsonToken.VALUE_STRING && field.equals("text")) {
                texts.add(json.getText());
                text = true;
            }
            json.skipChildren();
        }
        textOnly &= text;
    }
}
