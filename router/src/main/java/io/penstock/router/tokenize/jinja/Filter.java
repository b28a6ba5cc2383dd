package io.penstock.router.tokenize.jinja;

/** One filter. Threading: pure function. */
@FunctionalInterface
interface Filter {

    Object apply(Object value, Arguments arguments, Scope scope);
}
