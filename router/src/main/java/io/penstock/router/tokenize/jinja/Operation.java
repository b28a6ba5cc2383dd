package io.penstock.router.tokenize.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Expressions made with operators.
 *
 * <p>Threading: immutable.
 */
sealed interface Operation extends Expr {

    record Not(Expr operand) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            return !Types.isTrue(operand.evaluate(scope));
        }
    }

    record And(Expr left, Expr right) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            Object value = left.evaluate(scope);
            return Types.isTrue(value) ? right.evaluate(scope) : value;
        }
    }

    record Or(Expr left, Expr right) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            Object value = left.evaluate(scope);
            return Types.isTrue(value) ? value : right.evaluate(scope);
        }
    }

    record Conditional(Expr test, Expr then, @Nullable Expr otherwise) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            if (Types.isTrue(test.evaluate(scope))) {
                return then.evaluate(scope);
            }
            return otherwise == null
                    ? new Undefined("an inline 'if' was false and has no 'else'")
                    : otherwise.evaluate(scope);
        }
    }

    record Signed(boolean negative, Expr operand) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            Object value = operand.evaluate(scope);
            if (!Types.isNumber(value)) {
                throw Types.unsupported("a sign", value);
            }
            return negative ? Numbers.negate(value) : Numbers.positive(value);
        }
    }

    record Arithmetic(Expr left, Operator operator, Expr right) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            return operator.apply(left.evaluate(scope), right.evaluate(scope), scope);
        }
    }

    record Concatenation(List<Expr> parts) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            StringBuilder text = new StringBuilder();
            for (Expr part : parts) {
                String next = Printed.text(part.evaluate(scope));
                scope.rendering().write(next.length());
                text.append(next);
            }
            return text.toString();
        }
    }

    /** {@code a < b == c}: each neighbours are compared, and the first that do not hold end it. */
    record Comparison(Expr first, List<Step> steps) implements Operation {
        @Override
        public Object evaluate(Scope scope) {
            Object left = first.evaluate(scope);
            for (Step step : steps) {
                Object right = step.operand.evaluate(scope);
                if (!step.relation.holds(left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }

        record Step(Relation relation, Expr operand) {}
    }
}
