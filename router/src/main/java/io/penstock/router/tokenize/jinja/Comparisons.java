package io.penstock.router.tokenize.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's {@code ==}, {@code <} and {@code in}.
 *
 * <p>Threading: pure functions.
 */
final class Comparisons {

    private Comparisons() {}

    static boolean equal(Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return !Numbers.isNan(a) && !Numbers.isNan(b) && Numbers.compare(a, b) == 0;
        }
        if (Types.isText(a) && Types.isText(b)) {
            return a.toString().equals(b.toString());
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return equalMaps(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return equalLists(x, y);
        }
        if (isTuple(a) && isTuple(b)) {
            return equalLists(tuple(a), tuple(b));
        }
        if (a instanceof Range x && b instanceof Range y) {
            return x.numbers().equals(y.numbers());
        }
        return Objects.equals(a, b);
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        return a.size() == b.size()
                && a.entrySet().stream()
                        .allMatch(entry -> b.containsKey(entry.getKey())
                                && equal(entry.getValue(), Objects.requireNonNull(b.get(entry.getKey()))));
    }

    private static boolean equalLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTuple(Object value) {
        return value instanceof Tuple || value instanceof Group;
    }

    private static List<Object> tuple(Object value) {
        return value instanceof Group group ? group.tuple().items() : ((Tuple) value).items();
    }

    /** Which of two comes first. */
    static int order(Object a, Object b) {
        if (Types.isNumber(a) && Types.isNumber(b)) {
            return Numbers.compare(a, b);
        }
        if (Types.isText(a) && Types.isText(b)) {
            return orderTexts(a.toString(), b.toString());
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return orderLists(x, y);
        }
        if (isTuple(a) && isTuple(b)) {
            return orderLists(tuple(a), tuple(b));
        }
        throw Types.unsupported("comparing", a, b);
    }

    /** By code points, which differs from Java's order where surrogates are. */
    private static int orderTexts(String a, String b) {
        int same = 0;
        while (same < a.length() && same < b.length() && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        if (same == a.length() || same == b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        boolean mixed = Character.isSurrogate(a.charAt(same)) != Character.isSurrogate(b.charAt(same));
        return mixed
                ? Boolean.compare(Character.isSurrogate(a.charAt(same)), Character.isSurrogate(b.charAt(same)))
                : Character.compare(a.charAt(same), b.charAt(same));
    }

    private static int orderLists(List<?> a, List<?> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return order(a.get(i), b.get(i));
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** {@code item in container}. */
    static boolean contains(Object container, Object item) {
        if (Types.isText(container)) {
            if (!Types.isText(item)) {
                throw Types.unsupported("'in' a str", item);
            }
            return container.toString().contains(item.toString());
        }
        if (container instanceof Map<?, ?> map) {
            return map.containsKey(Keys.of(item));
        }
        for (Iterator<Object> items = Sequences.iterator(container); items.hasNext(); ) {
            if (equal(items.next(), item)) {
                return true;
            }
        }
        return false;
    }
}
