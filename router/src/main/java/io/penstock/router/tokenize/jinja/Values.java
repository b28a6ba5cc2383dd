package io.penstock.router.tokenize.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain values of Java, as parsed from JSON, to those of templates.
 *
 * <p>Threading: pure functions.
 */
final class Values {

    private static final int DEEPEST = 1000;

    private Values() {}

    /** A copy, so that a rendering sees no change made outside. */
    static Object of(@Nullable Object plain) {
        return of(plain, 0);
    }

    private static Object of(@Nullable Object plain, int depth) {
        if (depth > DEEPEST) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "a value is nested too deeply");
        }
        if (plain == null) {
            return None.NONE;
        }
        if (plain instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(of(key, depth + 1), of(value, depth + 1)));
            return copy;
        }
        if (plain instanceof Iterable<?> items) {
            List<Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(of(item, depth + 1)));
            return copy;
        }
        return plain instanceof Number number ? number(number) : plain instanceof Boolean ? plain : plain.toString();
    }

    private static Object number(Number number) {
        if (number instanceof BigInteger big) {
            return Numbers.integer(big);
        }
        boolean real = number instanceof Double || number instanceof Float || number instanceof BigDecimal;
        return real ? (Object) number.doubleValue() : (Object) number.longValue();
    }
}
