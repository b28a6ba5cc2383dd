package io.penstock.router.prompt;

import io.penstock.router.tokenize.jinja.TemplateException;
import io.penstock.router.tokenize.template.ChatPrompt;
import io.penstock.router.tokenize.template.ChatTemplates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Chats by the templates that lie beside a model's tokenizer. Threading: any thread. */
final class TemplateRenderer implements ChatRenderer {

    private final ChatTemplates templates;

    private TemplateRenderer(ChatTemplates templates) {
        this.templates = templates;
    }

    /**
     * Reads the templates in the folder of a tokenizer.
     *
     * @param path the tokenizer's folder or file
     * @return null if there is none
     * @throws IOException if there is one and it is not fit for use; the message names the folder
     */
    static @Nullable ChatRenderer load(Path path, Clock clock) throws IOException {
        Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
        if (folder == null) {
            return null;
        }
        try {
            ChatTemplates templates = ChatTemplates.load(folder, clock);
            return templates == null ? null : new TemplateRenderer(templates);
        } catch (TemplateException e) {
            throw new IOException("the chat template in " + folder + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** What a template raised itself is not passed on, as it may quote the prompt. */
    @Override
    public String render(InputStream body) throws IOException {
        try {
            return templates.render(ChatPrompt.read(body));
        } catch (TemplateException e) {
            String why = e.kind() == TemplateException.Kind.RAISED ? "it refuses the conversation" : e.reason();
            throw new IOException(e.line() > 0 ? "line " + e.line() + ": " + why : why, e);
        }
    }
}
