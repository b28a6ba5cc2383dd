package io.penstock.router.tokenize.jinja;

import io.penstock.proxy.runtime.Ticker;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template. It renders as Python's Jinja does when it is set up for chat templates: in an immutable sandbox, with
 * {@code trim_blocks} and {@code lstrip_blocks}, {@code break} and {@code continue}, and the functions of the transformers library.
 *
 * <p>Threading: immutable.
 */
public final class Template {

    private static final int LONGEST = 1 << 20;

    private final Body body;
    private final Usage usage;

    private Template(StatementParser.Parsed parsed) {
        this.body = parsed.body();
        this.usage = parsed.usage();
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException when the text is not one, with the line where that shows
     */
    public static Template parse(String source) {
        if (source.length() > LONGEST) {
            throw new TemplateException(
                    TemplateException.Kind.LIMIT, 0, "a template is longer than " + LONGEST + " characters");
        }
        try {
            return new Template(StatementParser.parse(source));
        } catch (StackOverflowError e) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "the template is nested too deeply");
        }
    }

    /**
     * Renders.
     *
     * @param variables plain values: maps, lists, texts, numbers, booleans and null
     * @param ticker measures the time that the bounds allow
     * @param clock what {@code strftime_now} tells, in its zone
     * @throws TemplateException when the template fails, refuses what it is given, or goes beyond the bounds
     */
    public String render(Map<String, ? extends @Nullable Object> variables, Bounds bounds, Ticker ticker, Clock clock) {
        Rendering rendering = new Rendering(bounds, ticker, clock);
        try {
            Map<String, Object> values = new HashMap<>();
            variables.forEach((name, value) -> values.put(name, Values.of(value)));
            StringBuilder out = new StringBuilder();
            body.run(Scope.outermost(rendering, values), out);
            return out.toString();
        } catch (StackOverflowError e) {
            // the bound on depth counts calls; how much stack one takes depends on the template's expressions
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "the template is nested too deeply");
        }
    }

    /** Whether a loop of the template walks this field of the items of a list: {@code for part in message.content}. */
    public boolean walks(String list, String field) {
        return usage.walks(list, field);
    }
}
