package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The filters that compare items: sorted, grouped, without repetitions, the least and the greatest.
 *
 * <p>Threading: pure functions.
 */
final class OrderFilters {

    private OrderFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("sort", OrderFilters::sort);
        filters.put("dictsort", OrderFilters::dictSort);
        filters.put("unique", OrderFilters::unique);
        filters.put("groupby", OrderFilters::groupBy);
        filters.put("min", (value, arguments, scope) -> extreme("min", value, arguments, -1));
        filters.put("max", (value, arguments, scope) -> extreme("max", value, arguments, 1));
    }

    private static Object sort(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        boolean caseless = !bound.flag(1, false);
        Object attribute = bound.value(2);
        List<AttributePath> paths = new ArrayList<>();
        if (Types.isText(attribute)) {
            for (String path : attribute.toString().split(",", -1)) {
                paths.add(AttributePath.of(path, caseless));
            }
        } else {
            paths.add(AttributePath.of(attribute, caseless));
        }
        return sorted(Sequences.list(value), item -> key(paths, item), bound.integer(0, 0) != 0, scope);
    }

    private static Object key(List<AttributePath> paths, Object item) {
        return paths.stream().map(path -> path.from(item)).toList();
    }

    /** Items that are equal stay in their order, also where the order is reversed. */
    private static List<Object> sorted(List<Object> items, Function<Object, Object> key, boolean reverse, Scope scope) {
        record Keyed(Object key, Object item) {}
        List<Keyed> keyed = new ArrayList<>(items.size());
        for (Object item : items) {
            keyed.add(new Keyed(key.apply(item), item));
        }
        Comparator<Keyed> order = (a, b) -> {
            scope.rendering().step();
            return Comparisons.order(a.key(), b.key());
        };
        keyed.sort(reverse ? order.reversed() : order);
        return new ArrayList<>(keyed.stream().map(Keyed::item).toList());
    }

    private static Object dictSort(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        String by = bound.text(1, "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw TemplateException.runtime("'dictsort' sorts by key or value");
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw Types.unsupported("'dictsort'", value);
        }
        AttributePath path = AttributePath.of(by.equals("key") ? 0L : 1L, !bound.flag(0, false));
        return sorted(DictMethods.items(map), path::from, bound.integer(2, 0) != 0, scope);
    }

    private static Object unique(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
        AttributePath path = AttributePath.of(bound.value(1), !bound.flag(0, false));
        List<Object> seen = new ArrayList<>();
        return Lazy.kept(Sequences.iterator(value), item -> {
            Object key = Keys.of(path.from(item));
            scope.rendering().write(seen.size());
            boolean fresh = seen.stream().noneMatch(other -> Comparisons.equal(other, key));
            if (fresh) {
                seen.add(key);
            }
            return fresh;
        });
    }

    private static Object groupBy(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("groupby", 1, "attribute", "default", "case_sensitive");
        boolean caseless = !bound.flag(2, false);
        AttributePath shown = AttributePath.orElse(bound.value(0), bound.value(1));
        AttributePath path = new AttributePath(shown.path(), shown.otherwise(), caseless);
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        for (Object item : sorted(Sequences.list(value), path::from, false, scope)) {
            if (!group.isEmpty() && !Comparisons.equal(path.from(group.get(0)), path.from(item))) {
                groups.add(new Group(shown.from(group.get(0)), group));
                group = new ArrayList<>();
            }
            group.add(item);
        }
        if (!group.isEmpty()) {
            groups.add(new Group(shown.from(group.get(0)), group));
        }
        return groups;
    }

    /** The first of those that are least or greatest. */
    private static Object extreme(String name, Object value, Arguments arguments, int sign) {
        Bound bound = arguments.bind(name, 0, "case_sensitive", "attribute");
        AttributePath path = AttributePath.of(bound.value(1), !bound.flag(0, false));
        List<Object> items = Sequences.list(value);
        if (items.isEmpty()) {
            return new Undefined("'" + name + "' of nothing");
        }
        Object best = items.get(0);
        for (Object item : items.subList(1, items.size())) {
            if (sign * Comparisons.order(path.from(item), path.from(best)) > 0) {
                best = item;
            }
        }
        return best;
    }
}
