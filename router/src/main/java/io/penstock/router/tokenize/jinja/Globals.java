package io.penstock.router.tokenize.jinja;

import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions every template has: those of Jinja that make sense in a prompt, and the two that the transformers library adds.
 *
 * <p>Threading: pure functions.
 */
final class Globals {

    private static final Map<String, Callable> FUNCTIONS = Map.of(
            "range",
            Globals::range,
            "dict",
            (arguments, scope) -> dict("dict", arguments),
            "namespace",
            Globals::namespace,
            "cycler",
            (arguments, scope) -> new Cycler(arguments.positional()),
            "joiner",
            (arguments, scope) -> new Joiner(arguments.bind("joiner", 0, "sep").value(0, ", ")),
            "raise_exception",
            Globals::raise,
            "strftime_now",
            Globals::now,
            "lipsum",
            (arguments, scope) -> {
                throw TemplateException.runtime("'lipsum' is random and not part of chat templates");
            });

    private Globals() {}

    /** The function of a name, or {@link Undefined}. */
    static Object get(String name) {
        Callable function = FUNCTIONS.get(name);
        return function == null ? Undefined.variable(name) : function;
    }

    private static Object range(Arguments arguments, Scope scope) {
        Bound bound = arguments.places("range", 1, 3);
        return bound.has(1)
                ? new Range(bound.integer(0, 0), bound.integer(1, 0), bound.integer(2, 1))
                : new Range(0, bound.integer(0, 0), 1);
    }

    private static Object namespace(Arguments arguments, Scope scope) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        dict("namespace", arguments).forEach((name, value) -> attributes.put(Printed.text(name), value));
        return new Namespace(attributes);
    }

    private static Map<Object, Object> dict(String function, Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Arguments first = new Arguments(arguments.positional(), Map.of());
        Object source = first.places(function, 0, 1).value(0, Map.of());
        if (source instanceof Map<?, ?> other) {
            map.putAll(other);
        } else {
            for (Object pair : Sequences.list(source)) {
                List<Object> parts = Sequences.list(pair);
                if (parts.size() != 2) {
                    throw TemplateException.runtime("'" + function + "' takes pairs of a key and a value");
                }
                map.put(Keys.of(parts.get(0)), parts.get(1));
            }
        }
        map.putAll(arguments.named());
        return map;
    }

    private static Object raise(Arguments arguments, Scope scope) {
        String reason =
                Printed.text(arguments.bind("raise_exception", 1, "message").value(0));
        throw new TemplateException(TemplateException.Kind.RAISED, 0, reason);
    }

    private static Object now(Arguments arguments, Scope scope) {
        String format = arguments.bind("strftime_now", 1, "format").text(0, "");
        return Strftime.format(format, ZonedDateTime.now(scope.rendering().clock()));
    }
}
