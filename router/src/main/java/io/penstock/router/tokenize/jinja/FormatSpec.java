package io.penstock.router.tokenize.jinja;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specification: fill, alignment, sign, width, grouping, precision and type.
 *
 * <p>Threading: immutable.
 *
 * @param width 0 for none
 * @param precision -1 for none
 */
record FormatSpec(
        String fill, char align, char sign, boolean alternate, int width, String group, int precision, char type) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,7})?([,_])?(?:\\.(\\d{1,6}))?([a-zA-Z%])?", Pattern.DOTALL);

    static FormatSpec parse(String text) {
        Matcher match = SYNTAX.matcher(text);
        if (!match.matches()) {
            throw TemplateException.runtime("a format is not valid");
        }
        boolean zero = match.group(5) != null;
        return new FormatSpec(
                match.group(1) != null ? match.group(1) : zero ? "0" : " ",
                match.group(2) != null ? match.group(2).charAt(0) : zero ? '=' : ' ',
                first(match.group(3), '-'),
                match.group(4) != null,
                number(match.group(6), 0),
                match.group(7) == null ? "" : match.group(7),
                number(match.group(8), -1),
                first(match.group(9), ' '));
    }

    private static char first(String text, char otherwise) {
        return text == null ? otherwise : text.charAt(0);
    }

    private static int number(String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    /** {@code format(value, spec)}. */
    String format(Object value, Scope scope) {
        scope.rendering().write(width + Math.max(0, precision));
        boolean whole = Types.isInteger(value) || value instanceof Boolean;
        if (whole && "bcdoxXneEfFgG% ".indexOf(type) >= 0) {
            return integer(value);
        }
        if (value instanceof Double real && "neEfFgG% ".indexOf(type) >= 0) {
            return real(real);
        }
        if (!Types.isText(value) && !isEmpty()) {
            throw Types.unsupported("this format", value);
        }
        if (type != 's' && type != ' ') {
            throw Types.unsupported("this format", value);
        }
        return text(Printed.text(value));
    }

    private boolean isEmpty() {
        return width == 0 && precision < 0 && type == ' ' && group.isEmpty() && align == ' ';
    }

    private String text(String text) {
        if (align == '=' && !fill.equals("0")) {
            throw TemplateException.runtime("'=' does not align texts");
        }
        String cut = precision >= 0 ? text.substring(0, PythonText.offset(text, precision)) : text;
        return padded("", cut, align == ' ' || align == '=' ? '<' : align);
    }

    private String integer(Object value) {
        BigInteger number = Numbers.big(value);
        return switch (type) {
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> real(Numbers.real(value));
            case 'c' -> padded("", Character.toString(number.intValueExact()), align == ' ' ? '<' : align);
            case 'x' ->
                signed(number.signum() < 0, prefix("0x"), grouped(number.abs().toString(16), 4));
            case 'X' ->
                signed(
                        number.signum() < 0,
                        prefix("0X"),
                        grouped(Case.upper(number.abs().toString(16)), 4));
            case 'o' ->
                signed(number.signum() < 0, prefix("0o"), grouped(number.abs().toString(8), 4));
            case 'b' ->
                signed(number.signum() < 0, prefix("0b"), grouped(number.abs().toString(2), 4));
            default -> signed(number.signum() < 0, "", grouped(number.abs().toString(), 3));
        };
    }

    private String prefix(String prefix) {
        return alternate ? prefix : "";
    }

    private String real(double value) {
        double size = Math.abs(value);
        String digits = switch (type) {
            case 'f', 'F' -> FloatText.fixed(size, precision < 0 ? 6 : precision);
            case 'e' -> FloatText.exponential(size, precision < 0 ? 6 : precision);
            case 'E' -> Case.upper(FloatText.exponential(size, precision < 0 ? 6 : precision));
            case '%' -> FloatText.fixed(size * 100, precision < 0 ? 6 : precision) + "%";
            case 'g', 'n' -> FloatText.general(size, precision < 0 ? 6 : precision);
            case 'G' -> Case.upper(FloatText.general(size, precision < 0 ? 6 : precision));
            default -> precision < 0 ? FloatText.repr(size) : FloatText.generalAsRepr(size, precision);
        };
        int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
        boolean negative = value < 0 || 1 / value < 0;
        return signed(negative, "", grouped(digits.substring(0, point), 3) + digits.substring(point));
    }

    private String grouped(String digits, int size) {
        if (group.isEmpty() || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            return digits;
        }
        StringBuilder grouped = new StringBuilder(digits);
        for (int at = digits.length() - size; at > 0; at -= size) {
            grouped.insert(at, group);
        }
        return grouped.toString();
    }

    private String signed(boolean negative, String prefix, String digits) {
        String shown = negative ? "-" : sign == '-' ? "" : Character.toString(sign);
        return padded(shown + prefix, digits, align == ' ' ? '>' : align);
    }

    private String padded(String before, String text, char side) {
        int missing = width - PythonText.length(before) - PythonText.length(text);
        if (missing <= 0) {
            return before + text;
        }
        return switch (side) {
            case '<' -> before + text + fill.repeat(missing);
            case '=' -> before + fill.repeat(missing) + text;
            case '^' -> fill.repeat(missing / 2) + before + text + fill.repeat(missing - missing / 2);
            default -> fill.repeat(missing) + before + text;
        };
    }
}
