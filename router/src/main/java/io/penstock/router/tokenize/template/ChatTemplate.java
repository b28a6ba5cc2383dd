package io.penstock.router.tokenize.template;

import io.penstock.router.tokenize.jinja.TemplateException;
import java.time.Clock;

/**
 * One chat template of a model, ready to render.
 *
 * <p>Threading: immutable.
 */
public final class ChatTemplate {

    private ChatTemplate() {}

    /**
     * Reads a template.
     *
     * @param clock what {@code strftime_now} tells, in its zone
     * @throws TemplateException when it is not Jinja, or not the Jinja of chat templates
     */
    public static ChatTemplate parse(String source, SpecialTokens tokens, Clock clock) {
        throw new UnsupportedOperationException(source + tokens + clock);
    }

    /**
     * The prompt as text, to be encoded without adding special tokens. Takes time in proportion to the prompt: not for an event loop.
     *
     * @throws TemplateException when the template refuses the prompt, fails, or goes beyond its bounds
     */
    public String render(ChatPrompt prompt) {
        throw new UnsupportedOperationException(prompt.toString());
    }
}
