package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;

/** Arithmetic, and what its signs mean for texts and lists. Threading: immutable. */
enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDE("/"),
    FLOOR_DIVIDE("//"),
    MODULO("%"),
    POWER("**");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    Object apply(Object left, Object right, Scope scope) {
        if (Types.isNumber(left) && Types.isNumber(right)) {
            return compute(left, right);
        }
        if (this == PLUS) {
            return added(left, right, scope);
        }
        if (this == TIMES && Sequences.isIndexed(left) && isCount(right)) {
            return repeated(left, right, scope);
        }
        if (this == TIMES && Sequences.isIndexed(right) && isCount(left)) {
            return repeated(right, left, scope);
        }
        if (this == MODULO && Types.isText(left)) {
            String text = PercentFormat.format(left.toString(), right, scope);
            return left instanceof Markup ? new Markup(text) : text;
        }
        throw Types.unsupported("'" + sign + "'", left, right);
    }

    private Object compute(Object left, Object right) {
        return switch (this) {
            case PLUS -> Numbers.add(left, right);
            case MINUS -> Numbers.subtract(left, right);
            case TIMES -> Numbers.multiply(left, right);
            case DIVIDE -> Numbers.divide(left, right);
            case FLOOR_DIVIDE -> Numbers.floorDivide(left, right);
            case MODULO -> Numbers.modulo(left, right);
            case POWER -> Numbers.power(left, right);
        };
    }

    private Object added(Object left, Object right, Scope scope) {
        if (Types.isText(left) && Types.isText(right)) {
            scope.rendering()
                    .write((long) left.toString().length() + right.toString().length());
            return left instanceof Markup || right instanceof Markup
                    ? new Markup(
                            Markup.escaped(left).text() + Markup.escaped(right).text())
                    : left.toString() + right;
        }
        boolean lists = left instanceof List && right instanceof List;
        boolean tuples =
                (left instanceof Tuple || left instanceof Group) && (right instanceof Tuple || right instanceof Group);
        if (!lists && !tuples) {
            throw Types.unsupported("'" + sign + "'", left, right);
        }
        scope.rendering().write((long) Sequences.length(left) + Sequences.length(right));
        List<Object> items = new ArrayList<>(Sequences.list(left));
        items.addAll(Sequences.list(right));
        return Sequences.like(left, items);
    }

    private static boolean isCount(Object value) {
        return Types.isInteger(value) || value instanceof Boolean;
    }

    private static Object repeated(Object sequence, Object count, Scope scope) {
        if (sequence instanceof Range) {
            throw Types.unsupported("'*'", sequence, count);
        }
        int times = (int) Math.max(
                0, Numbers.big(count).min(Numbers.big((long) Integer.MAX_VALUE)).longValue());
        long length = Types.isText(sequence) ? sequence.toString().length() : Sequences.length(sequence);
        scope.rendering().write(length * times);
        if (Types.isText(sequence)) {
            String text = sequence.toString().repeat(times);
            return sequence instanceof Markup ? new Markup(text) : text;
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < times && length > 0; i++) {
            items.addAll(Sequences.list(sequence));
        }
        return Sequences.like(sequence, items);
    }
}
