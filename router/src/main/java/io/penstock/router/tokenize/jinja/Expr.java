package io.penstock.router.tokenize.jinja;

/**
 * An expression of a template, by family.
 *
 * <p>Threading: immutable.
 */
sealed interface Expr permits Atom, Operation, Access, Invocation {

    /** Its value, never null: none is {@link None}, what is not there is {@link Undefined}. */
    Object evaluate(Scope scope);
}
