package io.penstock.router.tokenize.template;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chat templates that lie beside a model's tokenizer: the default one, and maybe one for requests with tools.
 *
 * <p>Threading: immutable.
 */
public final class ChatTemplates {

    private final ChatTemplate usual;
    private final ChatTemplate withTools;

    private ChatTemplates(ChatTemplate usual, ChatTemplate withTools) {
        this.usual = usual;
        this.withTools = withTools;
    }

    /**
     * Reads {@code chat_template.jinja}, or else the {@code chat_template} of {@code tokenizer_config.json}, from a folder. Special tokens
     * are those of {@code tokenizer_config.json}.
     *
     * @return null where the model has no template
     * @throws IOException when a file is there and cannot be read
     * @throws TemplateException when it is not a template
     */
    public static @Nullable ChatTemplates load(Path folder, Clock clock) throws IOException {
        Path file = folder.resolve("chat_template.jinja");
        Map<String, @Nullable Object> config = config(folder.resolve("tokenizer_config.json"));
        SpecialTokens tokens = SpecialTokens.of(config);
        if (Files.exists(file)) {
            return of(Files.readString(file), tokens, clock);
        }
        Object template = config.get("chat_template");
        return template == null ? null : of(template, tokens, clock);
    }

    /** @param template a text, or a list of objects with {@code name} and {@code template} */
    static ChatTemplates of(Object template, SpecialTokens tokens, Clock clock) {
        if (!(template instanceof List<?> named)) {
            ChatTemplate only = ChatTemplate.parse(template.toString(), tokens, clock);
            return new ChatTemplates(only, only);
        }
        String usual = named(named, "default");
        String withTools = named(named, "tool_use");
        if (usual == null) {
            throw new TemplateException(
                    TemplateException.Kind.SYNTAX, 0, "none of the chat templates is called 'default'");
        }
        ChatTemplate parsed = ChatTemplate.parse(usual, tokens, clock);
        return new ChatTemplates(parsed, withTools == null ? parsed : ChatTemplate.parse(withTools, tokens, clock));
    }

    private static @Nullable String named(List<?> templates, String name) {
        for (Object entry : templates) {
            if (entry instanceof Map<?, ?> fields && name.equals(fields.get("name"))) {
                return fields.get("template") instanceof String source ? source : null;
            }
        }
        return null;
    }

    private static Map<String, @Nullable Object> config(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Map.of();
        }
        try (InputStream json = Files.newInputStream(file)) {
            return JsonValues.object(json);
        }
    }

    /** As {@link ChatTemplate#render}, with the template for tools where there is one and the prompt has tools. */
    public String render(ChatPrompt prompt) {
        boolean tools = prompt.tools() != null && !prompt.tools().isEmpty();
        return (tools ? withTools : usual).render(prompt);
    }
}
