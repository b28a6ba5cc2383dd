package io.penstock.router.tokenize.jinja;

/** One method of texts. Threading: pure function. */
@FunctionalInterface
interface TextMethod {

    Object apply(String text, Arguments arguments, Scope scope);
}
