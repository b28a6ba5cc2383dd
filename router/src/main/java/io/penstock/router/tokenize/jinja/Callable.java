package io.penstock.router.tokenize.jinja;

/** What a template can call: a macro, a method of a value, a global function. Threading: as what it belongs to. */
@FunctionalInterface
interface Callable {

    Object call(Arguments arguments, Scope scope);
}
