package io.penstock.router.tokenize.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;

/**
 * The filters that make a number.
 *
 * <p>Threading: pure functions.
 */
final class NumberFilters {

    private static final int MOST_DIGITS = 400;

    private NumberFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("abs", NumberFilters::absolute);
        filters.put("round", NumberFilters::round);
        filters.put("int", NumberFilters::integer);
        filters.put("float", NumberFilters::real);
    }

    private static Object absolute(Object value, Arguments arguments, Scope scope) {
        arguments.none("abs");
        if (!Types.isNumber(value)) {
            throw Types.unsupported("'abs'", value);
        }
        return value instanceof Double real
                ? (Object) Math.abs(real)
                : Numbers.integer(Numbers.big(value).abs());
    }

    private static Object integer(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("int", 0, "default", "base");
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Object whole = Conversions.integer(value, bound.integer(1, 10));
        if (whole != null) {
            return whole;
        }
        Double real = Conversions.real(value);
        return real == null || real.isNaN() || real.isInfinite()
                ? bound.value(0, 0L)
                : Numbers.integer(Conversions.truncated(real));
    }

    private static Object real(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("float", 0, "default");
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Double real = Conversions.real(value);
        return real == null ? bound.value(0, 0.0) : real;
    }

    private static Object round(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("round", 0, "precision", "method");
        int digits = Math.max(-MOST_DIGITS, Math.min(MOST_DIGITS, bound.integer(0, 0)));
        String method = bound.text(1, "common");
        if (!Types.isNumber(value)) {
            throw Types.unsupported("'round'", value);
        }
        return switch (method) {
            case "common" -> value instanceof Double real ? FloatText.rounded(real, digits) : rounded(value, digits);
            case "ceil", "floor" -> stepped(value, digits, method.equals("ceil"));
            default -> throw TemplateException.runtime("'round' has the methods common, ceil and floor");
        };
    }

    private static Object rounded(Object integer, int digits) {
        BigDecimal rounded = new BigDecimal(Numbers.big(integer)).setScale(Math.min(0, digits), RoundingMode.HALF_EVEN);
        return Numbers.integer(rounded.toBigInteger());
    }

    /** As the reference does it: by a power of ten, with its rounding errors. */
    private static Object stepped(Object value, int digits, boolean up) {
        Object scale = Numbers.power(10L, (long) digits);
        Object scaled = Numbers.multiply(value, scale);
        Object whole = scaled;
        if (scaled instanceof Double real) {
            BigInteger truncated = Conversions.truncated(up ? Math.ceil(real) : Math.floor(real));
            whole = Numbers.integer(truncated);
        }
        return Numbers.divide(whole, scale);
    }
}
