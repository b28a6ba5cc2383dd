package io.penstock.router.tokenize.template;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a chat request its prompt is made of, as plain values: {@code Map} in the order of the text, {@code List},
 * {@code String}, {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean} and null.
 *
 * <p>Threading: immutable, if nobody changes the values given.
 *
 * @param messages as the client wrote them
 * @param tools null where the request has none
 * @param documents null where the request has none
 * @param templateKwargs more variables for the template; they win over all others
 */
public record ChatPrompt(
        List<Map<String, @Nullable Object>> messages,
        @Nullable List<@Nullable Object> tools,
        @Nullable List<@Nullable Object> documents,
        boolean addGenerationPrompt,
        boolean continueFinalMessage,
        Map<String, @Nullable Object> templateKwargs) {

    /**
     * Reads the body of a request to {@code /v1/chat/completions}, or of one to {@code /tokenize} with messages.
     *
     * @throws io.penstock.router.tokenize.jinja.TemplateException when it is not such a request
     */
    public static ChatPrompt of(Map<String, @Nullable Object> body) {
        throw new UnsupportedOperationException(body.toString());
    }

    /** The same from JSON text. */
    public static ChatPrompt read(InputStream json) throws IOException {
        throw new UnsupportedOperationException(json.toString());
    }
}
