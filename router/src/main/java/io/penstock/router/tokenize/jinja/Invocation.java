package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Expressions that call something: a value, a filter, a test.
 *
 * <p>Threading: immutable.
 */
sealed interface Invocation extends Expr {

    record Call(Expr callee, Passed passed) implements Invocation {
        @Override
        public Object evaluate(Scope scope) {
            return call(scope, passed.evaluate(scope));
        }

        /** With other arguments than those written in the template. */
        Object call(Scope scope, Arguments arguments) {
            Object value = callee.evaluate(scope);
            if (!(value instanceof Callable callable)) {
                throw Types.unsupported("a call", value);
            }
            scope.rendering().step();
            return callable.call(arguments, scope);
        }
    }

    /** {@code value | name(passed)}. */
    record Filtered(Expr value, String name, Passed passed) implements Invocation {
        @Override
        public Object evaluate(Scope scope) {
            return Filters.apply(name, value.evaluate(scope), passed.evaluate(scope), scope);
        }
    }

    /** {@code value is name(passed)}. */
    record Tested(Expr value, String name, Passed passed) implements Invocation {
        @Override
        public Object evaluate(Scope scope) {
            return Tests.holds(name, value.evaluate(scope), passed.evaluate(scope));
        }
    }

    /** The arguments as written. */
    record Passed(
            List<Expr> positional,
            Map<String, Expr> named,
            @Nullable Expr morePositional,
            @Nullable Expr moreNamed) {

        static final Passed NOTHING = new Passed(List.of(), Map.of(), null, null);

        Arguments evaluate(Scope scope) {
            if (positional.isEmpty() && named.isEmpty() && morePositional == null && moreNamed == null) {
                return Arguments.NO;
            }
            List<Object> values = new ArrayList<>(Atom.all(positional, scope));
            if (morePositional != null) {
                values.addAll(Sequences.list(morePositional.evaluate(scope)));
            }
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((name, value) -> byName.put(name, value.evaluate(scope)));
            if (moreNamed != null) {
                addAll(moreNamed.evaluate(scope), byName);
            }
            return new Arguments(values, byName);
        }

        private static void addAll(Object more, Map<String, Object> byName) {
            if (!(more instanceof Map<?, ?> map)) {
                throw Types.unsupported("'**'", more);
            }
            map.forEach((name, value) -> {
                if (!(name instanceof String text) || byName.put(text, value) != null) {
                    throw TemplateException.runtime("an argument after '**' has no name of its own");
                }
            });
        }
    }
}
