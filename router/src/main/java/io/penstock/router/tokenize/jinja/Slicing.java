package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Python's indexes and slices, which count from the end where they are negative.
 *
 * <p>Threading: pure functions.
 */
final class Slicing {

    private Slicing() {}

    /** The item at an index, or {@link Undefined} beyond the ends. */
    static Object item(Object value, Object index) {
        int length = Sequences.length(value);
        long at = Numbers.big(index).longValue();
        long from = at < 0 ? at + length : at;
        if (from < 0 || from >= length || Numbers.big(index).bitLength() > 62) {
            return new Undefined("a " + Types.name(value) + " has no item at this index");
        }
        if (!Types.isText(value)) {
            return Sequences.list(value).get((int) from);
        }
        String text = value.toString();
        int start = PythonText.offset(text, (int) from);
        String character = text.substring(start, text.offsetByCodePoints(start, 1));
        return value instanceof Markup ? new Markup(character) : character;
    }

    /** A slice; a bound that is none is {@link None}. */
    static Object slice(Object value, Object start, Object stop, Object step) {
        int length = Sequences.length(value);
        long by = step instanceof None ? 1 : bound(step);
        if (by == 0) {
            throw TemplateException.runtime("the step of a slice cannot be 0");
        }
        int from = start instanceof None ? (by > 0 ? 0 : length - 1) : clamped(bound(start), length, by);
        int to = stop instanceof None ? (by > 0 ? length : -1) : clamped(bound(stop), length, by);
        if (value instanceof Range range) {
            return range.slice(from, to, (int) by);
        }
        if (by == 1 && Types.isText(value) && PythonText.isPlain(value.toString())) {
            String part = from < to ? value.toString().substring(from, to) : "";
            return value instanceof Markup ? new Markup(part) : part;
        }
        List<Object> items = Sequences.list(value);
        if (by == 1) {
            return Sequences.like(value, from < to ? items.subList(from, to) : List.of());
        }
        List<Object> picked = new ArrayList<>();
        for (long at = from; by > 0 ? at < to : at > to; at += by) {
            picked.add(items.get((int) at));
        }
        return Sequences.like(value, picked);
    }

    private static long bound(Object bound) {
        if (!Types.isInteger(bound) && !(bound instanceof Boolean)) {
            throw Types.unsupported("a slice", bound);
        }
        return Numbers.big(bound)
                .min(java.math.BigInteger.valueOf(Integer.MAX_VALUE))
                .max(java.math.BigInteger.valueOf(-Integer.MAX_VALUE))
                .longValue();
    }

    private static int clamped(long bound, int length, long step) {
        long at = bound < 0 ? bound + length : bound;
        return step > 0 ? (int) Math.max(0, Math.min(length, at)) : (int) Math.max(-1, Math.min(length - 1L, at));
    }
}
