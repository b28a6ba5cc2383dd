package io.penstock.router.tokenize.template;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A final message that the model continues: the prompt ends where its content ends. A mark put there before rendering finds the place.
 *
 * <p>Threading: pure functions.
 */
final class FinalMessage {

    /** A template that trims content takes the blank away. */
    private static final String MARK = "PENSTOCK_FINAL_MESSAGE_ENDS_HERE ";

    private FinalMessage() {}

    @SuppressWarnings("unchecked")
    static void mark(Map<String, @Nullable Object> message) {
        if (message.get("content") instanceof String text) {
            message.put("content", text + MARK);
            return;
        }
        List<?> parts = message.get("content") instanceof List<?> list ? list : List.of();
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i) instanceof Map<?, ?> part && part.get("text") instanceof String text) {
                ((Map<String, Object>) part).put("text", text + MARK);
                return;
            }
        }
        throw ChatPrompt.refused("the final message has no text to continue");
    }

    static String cut(String prompt) {
        int at = prompt.lastIndexOf(MARK.strip());
        if (at < 0) {
            throw new TemplateException(
                    TemplateException.Kind.RUNTIME,
                    0,
                    "the template does not show the final message, so it cannot be continued");
        }
        String before = prompt.substring(0, at);
        return prompt.startsWith(MARK, at) ? before : before.stripTrailing();
    }
}
