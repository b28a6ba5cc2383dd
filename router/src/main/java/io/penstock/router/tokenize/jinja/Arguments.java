package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call, and what a function makes of them: each by its place, null where it was not given.
 *
 * <p>Threading: confined to one rendering.
 */
record Arguments(List<Object> positional, Map<String, Object> named) {

    static final Arguments NO = new Arguments(List.of(), Map.of());

    static Arguments of(Object... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** Those behind the first ones. */
    Arguments from(int first) {
        return new Arguments(positional.subList(first, positional.size()), named);
    }

    /** By the names of a function's parameters, the first of which have to be there. */
    Bound bind(String function, int required, String... parameters) {
        @Nullable Object[] values = new Object[parameters.length];
        if (positional.size() > parameters.length) {
            throw TemplateException.runtime("'" + function + "' takes at most " + parameters.length + " arguments");
        }
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        named.forEach((name, value) -> {
            int place = Arrays.asList(parameters).indexOf(name);
            if (place < 0 || values[place] != null) {
                throw TemplateException.runtime("'" + function + "' does not take an argument '" + name + "' here");
            }
            values[place] = value;
        });
        for (int i = 0; i < required; i++) {
            if (values[i] == null) {
                throw TemplateException.runtime("'" + function + "' misses its argument '" + parameters[i] + "'");
            }
        }
        return new Bound(function, Arrays.asList(values));
    }

    /** For functions whose parameters have no names for callers. */
    Bound places(String function, int required, int most) {
        if (!named.isEmpty()) {
            throw TemplateException.runtime("'" + function + "' takes no arguments by name");
        }
        if (positional.size() < required || positional.size() > most) {
            throw TemplateException.runtime("'" + function + "' takes " + required + " to " + most + " arguments");
        }
        return new Bound(function, Arrays.asList(Arrays.copyOf(positional.toArray(), most)));
    }

    void none(String function) {
        places(function, 0, 0);
    }

    /** With one more by name. */
    Arguments with(String name, Object value) {
        Map<String, Object> more = new HashMap<>(named);
        if (more.put(name, value) != null) {
            throw TemplateException.runtime("'" + name + "' is given twice");
        }
        return new Arguments(positional, more);
    }

    /** With one more before all others. */
    Arguments after(Object first) {
        List<Object> all = new ArrayList<>(positional);
        all.add(0, first);
        return new Arguments(all, named);
    }
}
