package io.penstock.router.tokenize.jinja;

import org.jspecify.annotations.Nullable;

/**
 * Expressions that take a part of a value.
 *
 * <p>Threading: immutable.
 */
sealed interface Access extends Expr {

    /** {@code target.name}. */
    record Attribute(Expr target, String name) implements Access {
        @Override
        public Object evaluate(Scope scope) {
            return Members.attribute(target.evaluate(scope), name);
        }
    }

    /** {@code target[key]}. */
    record Item(Expr target, Expr key) implements Access {
        @Override
        public Object evaluate(Scope scope) {
            return Members.item(target.evaluate(scope), key.evaluate(scope));
        }
    }

    /** {@code target[start:stop:step]}. */
    record Slice(
            Expr target,
            @Nullable Expr start,
            @Nullable Expr stop,
            @Nullable Expr step) implements Access {
        @Override
        public Object evaluate(Scope scope) {
            Object value = target.evaluate(scope);
            if (!Sequences.isIndexed(value)) {
                throw Types.unsupported("a slice", value);
            }
            scope.rendering().write(Sequences.length(value));
            return Slicing.slice(value, bound(start, scope), bound(stop, scope), bound(step, scope));
        }

        private static Object bound(@Nullable Expr bound, Scope scope) {
            return bound == null ? None.NONE : bound.evaluate(scope);
        }
    }
}
