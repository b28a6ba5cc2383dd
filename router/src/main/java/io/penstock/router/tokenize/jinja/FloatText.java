package io.penstock.router.tokenize.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floats as Python prints them: the shortest digits that give the same float again, and the formats {@code e}, {@code f} and {@code g}.
 *
 * <p>Threading: pure functions.
 */
final class FloatText {

    private FloatText() {}

    /** {@code repr(value)}. */
    static String repr(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = shortest(value);
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent < -4 || exponent >= 16) {
            return scientific(digits, exponent);
        }
        String text = digits.toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }

    /** Up to 15 digits come back from any normal float as they were, so no shorter ones need be tried. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        int fewest = Math.abs(value) < Double.MIN_NORMAL ? 1 : 15;
        for (int precision = fewest; precision < 17; precision++) {
            BigDecimal rounded = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static String scientific(BigDecimal digits, int exponent) {
        String unscaled = digits.unscaledValue().abs().toString();
        String mantissa = unscaled.length() > 1 ? unscaled.charAt(0) + "." + unscaled.substring(1) : unscaled;
        return (digits.signum() < 0 ? "-" : "") + mantissa + power(exponent);
    }

    private static String power(int exponent) {
        return "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** {@code inf}, {@code -inf} or {@code nan}. */
    static String special(double value) {
        return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }

    /** With a number of digits behind the point. */
    static String fixed(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        String text =
                new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        return 1 / value < 0 && !text.startsWith("-") ? "-" + text : text;
    }

    /** With an exponent, and a number of digits behind the point. */
    static String exponential(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        String unscaled = rounded.unscaledValue().abs().toString();
        String padded =
                value == 0 ? "0".repeat(digits + 1) : (unscaled + "0".repeat(digits + 1)).substring(0, digits + 1);
        return (1 / value < 0 ? "-" : "")
                + padded.charAt(0)
                + (digits > 0 ? "." + padded.substring(1) : "")
                + power(exponent);
    }

    /** With a number of digits in all, and an exponent only where it is shorter. */
    static String general(double value, int precision) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        int digits = Math.max(1, precision);
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        boolean plain = exponent >= -4 && exponent < digits;
        String text = plain ? fixed(value, digits - 1 - exponent) : exponential(value, digits - 1);
        int power = text.indexOf('e');
        String mantissa = power < 0 ? text : text.substring(0, power);
        String shorter = mantissa.indexOf('.') < 0 ? mantissa : mantissa.replaceFirst("\\.?0+$", "");
        return power < 0 ? shorter : shorter + text.substring(power);
    }

    /** As {@link #general}, but it stays a float to the eye: {@code 1.0} rather than {@code 1}. */
    static String generalAsRepr(double value, int precision) {
        String text = general(value, precision);
        return text.chars().allMatch(Character::isDigit) && text.length() < Math.max(1, precision) ? text + ".0" : text;
    }

    /** {@code round(value, digits)}: half to even, of the exact value. */
    static double rounded(double value, int digits) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? value
                : Math.copySign(
                        new BigDecimal(value)
                                .setScale(digits, RoundingMode.HALF_EVEN)
                                .doubleValue(),
                        value);
    }
}
