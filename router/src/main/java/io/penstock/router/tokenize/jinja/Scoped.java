package io.penstock.router.tokenize.jinja;

import java.util.List;

/**
 * What gives its body a scope of its own.
 *
 * <p>Threading: immutable.
 */
sealed interface Scoped extends Node {

    /** {@code {% with a = 1 %}}: the values do not see one another. */
    record With(List<Binding> bindings, Body body, int line) implements Scoped {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            Scope inner = scope.inner();
            for (Binding binding : bindings) {
                binding.target.assign(binding.value.evaluate(scope), inner);
            }
            return body.run(inner, out);
        }

        record Binding(Target target, Expr value) {}
    }

    record FilterBody(List<Assignment.AppliedFilter> filters, Body body, int line) implements Scoped {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            StringBuilder text = new StringBuilder();
            Scope inner = scope.inner();
            Flow flow = body.run(inner, text);
            if (flow == Flow.ON) {
                Object filtered = Assignment.AppliedFilter.all(filters, text.toString(), inner);
                Output.write(Printed.text(filtered), scope, out);
            }
            return flow;
        }
    }

    /** {@code {% call(a) macro() %} body {% endcall %}}: the macro gets the body as {@code caller}. */
    record CallBody(Invocation.Call call, Signature signature, Body body, int line) implements Scoped {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            Macro caller = new Macro("caller", signature, body, line, scope);
            Arguments arguments = call.passed().evaluate(scope).with("caller", caller);
            Output.write(Printed.text(call.call(scope, arguments)), scope, out);
            return Flow.ON;
        }
    }

    /** {@code {% generation %}}, which marks what the assistant wrote and renders as it stands. */
    record Generation(Body body, int line) implements Scoped {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            body.run(scope.inner(), out);
            return Flow.ON;
        }
    }
}
