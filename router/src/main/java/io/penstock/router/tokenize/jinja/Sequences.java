package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What can be walked, counted and cut.
 *
 * <p>Threading: pure functions, but that a {@link Lazy} is used up.
 */
final class Sequences {

    private Sequences() {}

    static Iterator<Object> iterator(Object value) {
        return value instanceof Lazy lazy ? lazy.iterator() : list(value).iterator();
    }

    static boolean isIterable(Object value) {
        return value instanceof Lazy || hasLength(value);
    }

    /** All items; what is used up by this stays used up. */
    static List<Object> list(Object value) {
        if (value instanceof List<?> list) {
            return Collections.unmodifiableList(list);
        }
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (Types.isText(value)) {
            return PythonText.characters(value.toString());
        }
        if (value instanceof DictView view) {
            return view.entries();
        }
        if (value instanceof Range range) {
            return range.numbers();
        }
        if (value instanceof Lazy lazy) {
            List<Object> items = new ArrayList<>();
            lazy.iterator().forEachRemaining(items::add);
            return items;
        }
        if (value instanceof Group group) {
            return group.tuple().items();
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        throw TemplateException.runtime("a " + Types.name(value) + " cannot be walked");
    }

    static boolean hasLength(Object value) {
        return Types.isText(value)
                || value instanceof List
                || value instanceof Map
                || value instanceof Tuple
                || value instanceof Group
                || value instanceof Range
                || value instanceof DictView
                || value instanceof Undefined
                || value instanceof LoopState;
    }

    static int length(Object value) {
        if (Types.isText(value)) {
            return PythonText.length(value.toString());
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        if (value instanceof Range range) {
            return range.length();
        }
        if (value instanceof LoopState loop) {
            return loop.length();
        }
        if (!hasLength(value)) {
            throw TemplateException.runtime("a " + Types.name(value) + " has no length");
        }
        return list(value).size();
    }

    /** What can be indexed by position: text, list, tuple, range. */
    static boolean isIndexed(Object value) {
        return Types.isText(value)
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Group
                || value instanceof Range;
    }

    /** Of the kind it is made of: the part of a text is a text, that of a tuple a tuple. */
    static Object like(Object original, List<Object> items) {
        if (Types.isText(original)) {
            StringBuilder text = new StringBuilder();
            items.forEach(text::append);
            return original instanceof Markup ? new Markup(text.toString()) : text.toString();
        }
        return original instanceof Tuple || original instanceof Group ? new Tuple(items) : items;
    }
}
