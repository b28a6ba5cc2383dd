package io.penstock.router.tokenize.jinja;

import java.util.Collections;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The filters that apply another filter, or a test, to each item.
 *
 * <p>Threading: pure functions.
 */
final class SelectionFilters {

    private SelectionFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("map", SelectionFilters::map);
        filters.put("select", (value, arguments, scope) -> kept("select", value, arguments, scope));
        filters.put("reject", (value, arguments, scope) -> kept("reject", value, arguments, scope));
        filters.put("selectattr", (value, arguments, scope) -> kept("selectattr", value, arguments, scope));
        filters.put("rejectattr", (value, arguments, scope) -> kept("rejectattr", value, arguments, scope));
    }

    private static Object map(Object value, Arguments arguments, Scope scope) {
        if (!Types.isTrue(value)) {
            return new Lazy(Collections.emptyIterator());
        }
        UnaryOperator<Object> mapping = mapping(arguments, scope);
        return Lazy.mapped(Sequences.iterator(value), item -> {
            scope.rendering().step();
            return mapping.apply(item);
        });
    }

    private static UnaryOperator<Object> mapping(Arguments arguments, Scope scope) {
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            Bound bound = arguments.bind("map", 0, "attribute", "default");
            return AttributePath.orElse(bound.value(0), bound.value(1))::from;
        }
        if (arguments.positional().isEmpty()) {
            throw TemplateException.runtime("'map' needs the name of a filter, or an attribute");
        }
        String filter = Printed.text(arguments.positional().get(0));
        Arguments rest = arguments.from(1);
        return item -> Filters.apply(filter, item, rest, scope);
    }

    private static Object kept(String name, Object value, Arguments arguments, Scope scope) {
        if (!Types.isTrue(value)) {
            return new Lazy(Collections.emptyIterator());
        }
        boolean keeps = name.startsWith("select");
        boolean byAttribute = name.endsWith("attr");
        if (byAttribute && arguments.positional().isEmpty()) {
            throw TemplateException.runtime("'" + name + "' needs the name of an attribute");
        }
        AttributePath path =
                AttributePath.of(byAttribute ? arguments.positional().get(0) : None.NONE, false);
        Arguments test = arguments.from(byAttribute ? 1 : 0);
        return Lazy.kept(Sequences.iterator(value), item -> {
            scope.rendering().step();
            return passes(test, path.from(item)) == keeps;
        });
    }

    private static boolean passes(Arguments test, Object value) {
        return test.positional().isEmpty()
                ? Types.isTrue(value)
                : Tests.holds(Printed.text(test.positional().get(0)), value, test.from(1));
    }
}
