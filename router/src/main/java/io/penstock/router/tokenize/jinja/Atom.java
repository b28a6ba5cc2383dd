package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Literals and names.
 *
 * <p>Threading: immutable.
 */
sealed interface Atom extends Expr {

    record Constant(Object value) implements Atom {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    record Name(String name) implements Atom {
        @Override
        public Object evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    record ListOf(List<Expr> items) implements Atom {
        @Override
        public Object evaluate(Scope scope) {
            return all(items, scope);
        }
    }

    record TupleOf(List<Expr> items) implements Atom {
        @Override
        public Object evaluate(Scope scope) {
            return new Tuple(all(items, scope));
        }
    }

    record DictOf(List<Entry> entries) implements Atom {
        @Override
        public Object evaluate(Scope scope) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (Entry entry : entries) {
                map.put(Keys.of(entry.key.evaluate(scope)), entry.value.evaluate(scope));
            }
            return map;
        }

        record Entry(Expr key, Expr value) {}
    }

    static List<Object> all(List<Expr> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expr expression : expressions) {
            values.add(expression.evaluate(scope));
        }
        return values;
    }
}
