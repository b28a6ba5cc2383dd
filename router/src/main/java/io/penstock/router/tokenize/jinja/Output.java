package io.penstock.router.tokenize.jinja;

/**
 * What writes.
 *
 * <p>Threading: immutable.
 */
sealed interface Output extends Node {

    record Text(String text, int line) implements Output {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            write(text, scope, out);
            return Flow.ON;
        }
    }

    record Print(Expr value, int line) implements Output {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            write(Printed.text(value.evaluate(scope)), scope, out);
            return Flow.ON;
        }
    }

    static void write(String text, Scope scope, StringBuilder out) {
        scope.rendering().write(text.length());
        scope.rendering().output((long) out.length() + text.length());
        out.append(text);
    }
}
