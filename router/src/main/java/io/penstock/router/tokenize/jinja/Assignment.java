package io.penstock.router.tokenize.jinja;

import java.util.List;

/**
 * What sets variables of the scope it stands in.
 *
 * <p>Threading: immutable.
 */
sealed interface Assignment extends Node {

    record Set(Target target, Expr value, int line) implements Assignment {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            target.assign(value.evaluate(scope), scope);
            return Flow.ON;
        }
    }

    /** {@code {% set name | filters %} body {% endset %}}. */
    record SetBody(Target target, List<AppliedFilter> filters, Body body, int line) implements Assignment {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            StringBuilder text = new StringBuilder();
            Scope inner = scope.inner();
            Flow flow = body.run(inner, text);
            if (flow == Flow.ON) {
                target.assign(AppliedFilter.all(filters, text.toString(), inner), scope);
            }
            return flow;
        }
    }

    record Define(String name, Signature signature, Body body, int line) implements Assignment {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            scope.set(name, new Macro(name, signature, body, line, scope));
            return Flow.ON;
        }
    }

    /** A filter and its arguments, without the value it is for. */
    record AppliedFilter(String name, Invocation.Passed passed) {

        static Object all(List<AppliedFilter> filters, Object value, Scope scope) {
            Object filtered = value;
            for (AppliedFilter filter : filters) {
                filtered = Filters.apply(filter.name, filtered, filter.passed.evaluate(scope), scope);
            }
            return filtered;
        }
    }
}
