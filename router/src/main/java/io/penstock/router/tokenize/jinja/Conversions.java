package io.penstock.router.tokenize.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code int()} and {@code float()} of other values.
 *
 * <p>Threading: pure functions.
 */
final class Conversions {

    private static final Pattern INTEGER =
            Pattern.compile("([-+]?)(0[xX]_?|0[oO]_?|0[bB]_?)?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)");
    private static final Pattern REAL = Pattern.compile(
            "[-+]?(?:(?:\\d+(?:_\\d+)*\\.?(?:\\d+(?:_\\d+)*)?|\\.\\d+(?:_\\d+)*)(?:[eE][-+]?\\d{1,9})?|inf(?:inity)?|nan)",
            Pattern.CASE_INSENSITIVE);

    private Conversions() {}

    /** Towards zero. */
    static BigInteger truncated(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw TemplateException.runtime("this float is not an int");
        }
        return new BigDecimal(value).toBigInteger();
    }

    /** {@code int(value, base)}, or null where that fails. */
    static @Nullable Object integer(Object value, int base) {
        if (Types.isText(value)) {
            return parsed(value.toString(), base);
        }
        if (value instanceof Double real) {
            return Double.isNaN(real) || Double.isInfinite(real) ? null : Numbers.integer(truncated(real));
        }
        return Types.isNumber(value) ? Numbers.positive(value) : null;
    }

    private static @Nullable Object parsed(String text, int base) {
        Matcher match = INTEGER.matcher(PythonText.strip(text, PythonText::isSpace, true, true));
        if (!match.matches()) {
            return null;
        }
        String prefix = match.group(2) == null
                ? ""
                : match.group(2).toLowerCase(Locale.ROOT).replace("_", "");
        int meant = switch (prefix) {
            case "0x" -> 16;
            case "0o" -> 8;
            case "0b" -> 2;
            default -> base == 0 ? 10 : base;
        };
        if (meant < 2 || meant > 36) {
            return null;
        }
        boolean prefixIsDigits = !prefix.isEmpty() && base != 0 && base != meant;
        String digits = (prefixIsDigits ? prefix : "") + match.group(3).replace("_", "");
        int radix = prefixIsDigits ? base : meant;
        if (digits.length() > 4300 || !digits.chars().allMatch(c -> Character.digit(c, radix) >= 0)) {
            return null;
        }
        return Numbers.integer(new BigInteger(match.group(1).replace("+", "") + digits, radix));
    }

    /** {@code float(value)}, or null where that fails. */
    static @Nullable Double real(Object value) {
        if (Types.isNumber(value)) {
            return Numbers.real(value);
        }
        if (!Types.isText(value)) {
            return null;
        }
        String text = PythonText.strip(value.toString(), PythonText::isSpace, true, true);
        if (!REAL.matcher(text).matches()) {
            return null;
        }
        String lower = text.toLowerCase(Locale.ROOT).replace("_", "");
        if (lower.contains("nan")) {
            return Double.NaN;
        }
        return lower.contains("inf")
                ? (lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
                : Double.parseDouble(lower);
    }
}
