package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The methods of lists, tuples and ranges that change nothing.
 *
 * <p>Threading: pure functions.
 */
final class ListMethods {

    private static final Set<String> CHANGING =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private ListMethods() {}

    static @Nullable Object of(Object target, String name) {
        if (target instanceof List && CHANGING.contains(name)) {
            return new Undefined("'" + name + "' would change a list, which a template may not");
        }
        return switch (name) {
            case "index" -> (Callable) (arguments, scope) -> index(target, arguments);
            case "count" -> (Callable) (arguments, scope) -> count(target, arguments);
            case "copy" -> target instanceof List ? (Callable) (arguments, scope) -> copy(target, arguments) : null;
            case "grouper" -> target instanceof Group group ? group.grouper() : null;
            case "list" -> target instanceof Group group ? group.list() : null;
            case "start" -> target instanceof Range range ? (Object) range.start() : null;
            case "stop" -> target instanceof Range range ? (Object) range.stop() : null;
            case "step" -> target instanceof Range range ? (Object) range.step() : null;
            default -> null;
        };
    }

    private static Object copy(Object target, Arguments arguments) {
        arguments.none("copy");
        return target;
    }

    private static Object index(Object target, Arguments arguments) {
        Bound bound = arguments.places("index", 1, 3);
        List<Object> items = Sequences.list(target);
        int from = place(bound.integer(1, 0), items.size());
        int to = place(bound.integer(2, items.size()), items.size());
        for (int i = from; i < to; i++) {
            if (Comparisons.equal(items.get(i), bound.value(0))) {
                return (long) i;
            }
        }
        throw TemplateException.runtime("'index' does not find this in the list");
    }

    private static int place(int place, int size) {
        return Math.max(0, Math.min(size, place < 0 ? place + size : place));
    }

    private static Object count(Object target, Arguments arguments) {
        Object wanted = arguments.places("count", 1, 1).value(0);
        return Sequences.list(target).stream()
                .filter(item -> Comparisons.equal(item, wanted))
                .count();
    }
}
