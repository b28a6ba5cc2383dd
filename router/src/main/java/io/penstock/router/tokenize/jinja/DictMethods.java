package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of dictionaries that change nothing.
 *
 * <p>Threading: pure functions.
 */
final class DictMethods {

    private static final Set<String> CHANGING = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private DictMethods() {}

    static @Nullable Object of(Map<?, ?> map, String name) {
        if (CHANGING.contains(name)) {
            return new Undefined("'" + name + "' would change a dict, which a template may not");
        }
        return switch (name) {
            case "get" -> (Callable) (arguments, scope) -> get(map, arguments);
            case "keys" -> view(name, new ArrayList<>(map.keySet()));
            case "values" -> view(name, new ArrayList<>(map.values()));
            case "items" -> view(name, items(map));
            case "copy" ->
                (Callable) (arguments, scope) -> {
                    arguments.none("copy");
                    return new LinkedHashMap<Object, Object>(map);
                };
            default -> null;
        };
    }

    private static Callable view(String name, List<Object> entries) {
        return (arguments, scope) -> {
            arguments.none(name);
            return new DictView(name, entries);
        };
    }

    /** Key and value of each entry, as tuples. */
    static List<Object> items(Map<?, ?> map) {
        List<Object> items = new ArrayList<>(map.size());
        map.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    private static Object get(Map<?, ?> map, Arguments arguments) {
        Bound bound = arguments.places("get", 1, 2);
        Object value = map.get(Keys.of(bound.value(0)));
        return value == null ? bound.value(1) : value;
    }
}
