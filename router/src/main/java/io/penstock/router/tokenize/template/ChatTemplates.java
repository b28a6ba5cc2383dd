package io.penstock.router.tokenize.template;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The chat templates that lie beside a model's tokenizer: the default one, and maybe one for requests with tools.
 *
 * <p>Threading: immutable.
 */
public final class ChatTemplates {

    private ChatTemplates() {}

    /**
     * Reads {@code chat_template.jinja}, or else the {@code chat_template} of {@code tokenizer_config.json}, from a folder.
     *
     * @return null where the model has no template
     * @throws IOException when a file is there and cannot be read
     * @throws io.penstock.router.tokenize.jinja.TemplateException when it is not a template
     */
    public static @Nullable ChatTemplates load(Path folder, Clock clock) throws IOException {
        throw new UnsupportedOperationException(folder.toString() + clock);
    }

    /** As {@link ChatTemplate#render}, with the template for tools where there is one and the prompt has tools. */
    public String render(ChatPrompt prompt) {
        throw new UnsupportedOperationException(prompt.toString());
    }
}
