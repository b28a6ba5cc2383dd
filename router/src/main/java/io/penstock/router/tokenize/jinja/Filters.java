package io.penstock.router.tokenize.jinja;

import java.util.HashMap;
import java.util.Map;

/**
 * The filters, by name.
 *
 * <p>Threading: pure functions.
 */
final class Filters {

    private static final Map<String, Filter> FILTERS = all();

    private Filters() {}

    static boolean exists(String name) {
        return FILTERS.containsKey(name);
    }

    static Object apply(String name, Object value, Arguments arguments, Scope scope) {
        Filter filter = FILTERS.get(name);
        if (filter == null) {
            throw TemplateException.runtime("there is no filter '" + name + "'");
        }
        scope.rendering().step();
        return filter.apply(value, arguments, scope);
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>();
        TextFilters.addTo(filters);
        MarkupFilters.addTo(filters);
        NumberFilters.addTo(filters);
        ListFilters.addTo(filters);
        OrderFilters.addTo(filters);
        SelectionFilters.addTo(filters);
        JsonFilter.addTo(filters);
        return Map.copyOf(filters);
    }
}
