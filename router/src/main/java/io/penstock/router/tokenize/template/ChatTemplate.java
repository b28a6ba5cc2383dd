package io.penstock.router.tokenize.template;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.tokenize.jinja.Bounds;
import io.penstock.router.tokenize.jinja.Template;
import io.penstock.router.tokenize.jinja.TemplateException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One chat template of a model, ready to render.
 *
 * <p>Threading: immutable.
 */
public final class ChatTemplate {

    private final Template template;
    private final SpecialTokens tokens;
    private final Clock clock;
    private final boolean parts;
    private final boolean developer;

    private ChatTemplate(String source, SpecialTokens tokens, Clock clock) {
        this.template = Template.parse(source);
        this.tokens = tokens;
        this.clock = clock;
        this.parts = template.walks("messages", "content");
        this.developer = source.contains("developer");
    }

    /**
     * Reads a template.
     *
     * @param clock what {@code strftime_now} tells, in its zone
     * @throws TemplateException when it is not Jinja, or not the Jinja of chat templates
     */
    public static ChatTemplate parse(String source, SpecialTokens tokens, Clock clock) {
        return new ChatTemplate(source, tokens, clock);
    }

    /**
     * The prompt as text, to be encoded without adding special tokens. Takes time in proportion to the prompt: not for an event loop.
     *
     * @throws TemplateException when the template refuses the prompt, fails, or goes beyond its bounds
     */
    public String render(ChatPrompt prompt) {
        List<Map<String, @Nullable Object>> messages = Conversation.of(prompt.messages(), parts, developer);
        if (!prompt.continueFinalMessage()) {
            return render(prompt, messages);
        }
        if (messages.isEmpty()) {
            throw ChatPrompt.refused("there is no final message to continue");
        }
        FinalMessage.mark(messages.get(messages.size() - 1));
        return FinalMessage.cut(render(prompt, messages));
    }

    private String render(ChatPrompt prompt, List<Map<String, @Nullable Object>> messages) {
        Map<String, @Nullable Object> variables = new HashMap<>(tokens.byName());
        variables.put("messages", messages);
        variables.put("tools", ToolCalls.tools(prompt.tools()));
        variables.put("documents", prompt.documents());
        variables.put("add_generation_prompt", prompt.addGenerationPrompt());
        variables.putAll(prompt.templateKwargs());
        return template.render(variables, Bounds.usual(), Ticker.system(), clock);
    }
}
