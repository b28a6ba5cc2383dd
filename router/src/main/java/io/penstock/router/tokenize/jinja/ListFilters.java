package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The filters that take sequences as a whole.
 *
 * <p>Threading: pure functions.
 */
final class ListFilters {

    private ListFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("default", ListFilters::orDefault);
        filters.put("d", ListFilters::orDefault);
        filters.put("length", ListFilters::length);
        filters.put("count", ListFilters::length);
        filters.put("first", ListFilters::first);
        filters.put("last", ListFilters::last);
        filters.put("list", ListFilters::list);
        filters.put("items", ListFilters::items);
        filters.put("reverse", ListFilters::reverse);
        filters.put("join", ListFilters::join);
        filters.put("sum", ListFilters::sum);
        filters.put("batch", ListFilters::batch);
        filters.put("slice", ListFilters::slice);
        filters.put(
                "attr",
                (value, arguments, scope) ->
                        attribute(value, arguments.bind("attr", 1, "name").text(0, "")));
    }

    private static Object orDefault(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("default", 0, "default_value", "boolean");
        boolean missing = value instanceof Undefined || (bound.flag(1, false) && !Types.isTrue(value));
        return missing ? bound.value(0, "") : value;
    }

    private static Object length(Object value, Arguments arguments, Scope scope) {
        arguments.none("length");
        return (long) Sequences.length(value);
    }

    private static Object first(Object value, Arguments arguments, Scope scope) {
        arguments.none("first");
        Iterator<Object> items = Sequences.iterator(value);
        return items.hasNext() ? items.next() : new Undefined("there is no first item");
    }

    private static Object last(Object value, Arguments arguments, Scope scope) {
        arguments.none("last");
        List<Object> items = Sequences.list(walkedBack(value));
        return items.isEmpty() ? new Undefined("there is no last item") : items.get(items.size() - 1);
    }

    private static Object walkedBack(Object value) {
        if (value instanceof Lazy) {
            throw Types.unsupported("walking back", value);
        }
        return value;
    }

    private static Object list(Object value, Arguments arguments, Scope scope) {
        arguments.none("list");
        List<Object> items = Sequences.list(value);
        scope.rendering().write(items.size());
        return items;
    }

    private static Object items(Object value, Arguments arguments, Scope scope) {
        arguments.none("items");
        if (value instanceof Undefined) {
            return new Lazy(Collections.emptyIterator());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw Types.unsupported("'items'", value);
        }
        return new Lazy(DictMethods.items(map).iterator());
    }

    private static Object reverse(Object value, Arguments arguments, Scope scope) {
        arguments.none("reverse");
        if (Types.isText(value)) {
            scope.rendering().write(value.toString().length());
            return Slicing.slice(value, None.NONE, None.NONE, -1L);
        }
        if (value instanceof Undefined) {
            return List.of();
        }
        List<Object> reversed = new ArrayList<>(Sequences.list(value));
        Collections.reverse(reversed);
        return value instanceof Lazy ? reversed : new Lazy(reversed.iterator());
    }

    private static Object join(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("join", 0, "d", "attribute");
        String separator = Printed.text(bound.value(0, ""));
        AttributePath path = AttributePath.of(bound.value(1), false);
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Iterator<Object> items = Sequences.iterator(value); items.hasNext(); ) {
            String item = Printed.text(path.from(items.next()));
            scope.rendering().write((long) separator.length() + item.length());
            joined.append(first ? "" : separator).append(item);
            first = false;
        }
        return joined.toString();
    }

    private static Object sum(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("sum", 0, "attribute", "start");
        AttributePath path = AttributePath.of(bound.value(0), false);
        Object sum = bound.value(1, 0L);
        if (Types.isText(sum)) {
            throw Types.unsupported("'sum'", sum);
        }
        for (Iterator<Object> items = Sequences.iterator(value); items.hasNext(); ) {
            scope.rendering().step();
            sum = Operator.PLUS.apply(sum, path.from(items.next()), scope);
        }
        return sum;
    }

    private static Object batch(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("batch", 1, "linecount", "fill_with");
        int size = bound.integer(0, 0);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : Sequences.list(value)) {
            if (batch.size() == size) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(item);
        }
        if (!batch.isEmpty()) {
            scope.rendering().write(Math.max(0, size));
            while (!(bound.value(1) instanceof None) && batch.size() < size) {
                batch.add(bound.value(1));
            }
            batches.add(batch);
        }
        return new Lazy(batches.iterator());
    }

    private static Object slice(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("slice", 1, "slices", "fill_with");
        int count = bound.integer(0, 0);
        List<Object> items = Sequences.list(value);
        if (count == 0) {
            throw TemplateException.runtime("'slice' makes at least one slice");
        }
        scope.rendering().write(Math.max(0, count));
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            boolean longer = i < items.size() % count;
            int to = from + items.size() / count + (longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (!longer && !(bound.value(1) instanceof None)) {
                slice.add(bound.value(1));
            }
            slices.add(slice);
            from = to;
        }
        return new Lazy(slices.iterator());
    }

    /** Only what {@code .name} would find without looking at items. */
    private static Object attribute(Object value, String name) {
        return value instanceof Map
                ? Members.attribute(Map.of(), name) instanceof Undefined missing
                        ? missing
                        : Members.attribute(value, name)
                : Members.attribute(value, name);
    }
}
