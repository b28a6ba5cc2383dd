package io.penstock.router.tokenize.jinja;

/**
 * A statement of a template, or a text between two.
 *
 * <p>Threading: immutable.
 */
sealed interface Node permits Output, Branching, Assignment, Scoped {

    /** Where the run goes on after a statement. */
    enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    /** The line it starts at. */
    int line();

    Flow run(Scope scope, StringBuilder out);
}
