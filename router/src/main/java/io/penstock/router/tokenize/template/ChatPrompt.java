package io.penstock.router.tokenize.template;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a chat request its prompt is made of, as plain values: {@code Map} in the order of the text, {@code List},
 * {@code String}, numbers, {@code Boolean} and null.
 *
 * <p>Threading: immutable, if nobody changes the values given.
 *
 * @param messages as the client wrote them
 * @param tools null where the request has none
 * @param documents null where the request has none
 * @param templateKwargs more variables for the template; they win over all others
 */
public record ChatPrompt(
        List<?> messages,
        @Nullable List<?> tools,
        @Nullable List<?> documents,
        boolean addGenerationPrompt,
        boolean continueFinalMessage,
        Map<String, @Nullable Object> templateKwargs) {

    /**
     * Reads the body of a request to {@code /v1/chat/completions}, or of one to {@code /tokenize} with messages.
     *
     * @throws TemplateException of kind {@code PROMPT} when it is not such a request
     */
    public static ChatPrompt of(Map<String, ? extends @Nullable Object> body) {
        List<?> messages = list(body, "messages");
        if (messages == null) {
            throw refused("'messages' is missing");
        }
        boolean continues = flag(body, "continue_final_message", false);
        boolean generates = flag(body, "add_generation_prompt", true);
        if (continues && Boolean.TRUE.equals(body.get("add_generation_prompt"))) {
            throw refused("'continue_final_message' and 'add_generation_prompt' exclude one another");
        }
        return new ChatPrompt(
                messages,
                list(body, "tools"),
                list(body, "documents"),
                generates && !continues,
                continues,
                kwargs(body));
    }

    /** The same from JSON text. */
    public static ChatPrompt read(InputStream json) throws IOException {
        return of(JsonValues.object(json));
    }

    /** As vLLM does it, {@code reasoning_effort} is one more variable and decides {@code enable_thinking} too. */
    private static Map<String, @Nullable Object> kwargs(Map<String, ? extends @Nullable Object> body) {
        Map<String, @Nullable Object> kwargs = new LinkedHashMap<>();
        Object given = body.get("chat_template_kwargs");
        if (given instanceof Map<?, ?> map) {
            map.forEach((name, value) -> kwargs.put(name.toString(), value));
        } else if (given != null) {
            throw refused("'chat_template_kwargs' is not an object");
        }
        Object effort = body.get("reasoning_effort");
        if (effort != null) {
            kwargs.put("reasoning_effort", effort);
            kwargs.putIfAbsent("enable_thinking", !effort.equals("none"));
        }
        return kwargs;
    }

    private static @Nullable List<?> list(Map<String, ? extends @Nullable Object> body, String name) {
        Object value = body.get(name);
        if (value == null || value instanceof List) {
            return (List<?>) value;
        }
        throw refused("'" + name + "' is not a list");
    }

    private static boolean flag(Map<String, ? extends @Nullable Object> body, String name, boolean otherwise) {
        Object value = body.get(name);
        if (value == null || value instanceof Boolean) {
            return value == null ? otherwise : (Boolean) value;
        }
        throw refused("'" + name + "' is not true or false");
    }

    static TemplateException refused(String reason) {
        return new TemplateException(TemplateException.Kind.PROMPT, 0, reason);
    }
}
