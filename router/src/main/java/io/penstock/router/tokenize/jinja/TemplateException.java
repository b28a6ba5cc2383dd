package io.penstock.router.tokenize.jinja;

import java.io.Serial;

/**
 * A template that cannot be read, or cannot be rendered with what it was given. What {@link #reason} says of values is their type,
 * never their text, unless the template itself raised it ({@link Kind#RAISED}): that text may quote the prompt.
 *
 * <p>Threading: immutable.
 */
public final class TemplateException extends RuntimeException {

    /** Why it failed, and so whose fault it is. */
    public enum Kind {
        /** The template is not Jinja, or uses what this interpreter does not have. */
        SYNTAX,
        /** The template does what its values do not allow. */
        RUNTIME,
        /** The template called {@code raise_exception}: it refuses this prompt, and the client may read why. */
        RAISED,
        /** What is to be rendered is not a conversation: the client may read why. */
        PROMPT,
        /** Rendering took too many steps, too much time, depth or output. */
        LIMIT
    }

    @Serial
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final int line;
    private final String reason;

    /** @param line the line of the template, from 1; 0 where it is not known */
    public TemplateException(Kind kind, int line, String reason) {
        super(line > 0 ? "line " + line + ": " + reason : reason, null, false, false);
        this.kind = kind;
        this.line = line;
        this.reason = reason;
    }

    static TemplateException runtime(String reason) {
        return new TemplateException(Kind.RUNTIME, 0, reason);
    }

    /** This failure with the line it happened at, unless a line is known already: the innermost one counts. */
    TemplateException at(int where) {
        return line > 0 ? this : new TemplateException(kind, where, reason);
    }

    public Kind kind() {
        return kind;
    }

    public int line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
