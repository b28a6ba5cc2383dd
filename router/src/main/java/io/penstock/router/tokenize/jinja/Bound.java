package io.penstock.router.tokenize.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call in the places of a function's parameters, null where none was given.
 *
 * <p>Threading: confined to one rendering.
 */
record Bound(String function, List<@Nullable Object> values) {

    boolean has(int place) {
        return values.get(place) != null;
    }

    Object value(int place, Object otherwise) {
        Object value = values.get(place);
        return value == null ? otherwise : value;
    }

    Object value(int place) {
        return value(place, None.NONE);
    }

    String text(int place, String otherwise) {
        Object value = value(place, otherwise);
        if (!Types.isText(value)) {
            throw Types.unsupported("'" + function + "'", value);
        }
        return value.toString();
    }

    /** A text, or null for none. */
    @Nullable
    String textOrNone(int place) {
        return value(place) instanceof None ? null : text(place, "");
    }

    int integer(int place, int otherwise) {
        Object value = value(place, (long) otherwise);
        if (!Types.isInteger(value) && !(value instanceof Boolean)) {
            throw Types.unsupported("'" + function + "'", value);
        }
        return Numbers.big(value).bitLength() < 32
                ? Numbers.big(value).intValue()
                : Numbers.signum(value) * Integer.MAX_VALUE;
    }

    boolean flag(int place, boolean otherwise) {
        return Types.isTrue(value(place, otherwise));
    }
}
