package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code text % values}.
 *
 * <p>Threading: confined to one call.
 */
final class PercentFormat {

    private static final Pattern FIELD = Pattern.compile(
            "%(?:\\(([^()]*)\\))?([-+ #0]*)(\\*|\\d{1,7})?(?:\\.(\\*|\\d{0,6}))?[hlL]?(.)?", Pattern.DOTALL);

    private final Object values;
    private final List<Object> inOrder;
    private final Scope scope;
    private int next;

    private PercentFormat(Object values, Scope scope) {
        this.values = values;
        this.inOrder = values instanceof Tuple tuple ? tuple.items() : List.of(values);
        this.scope = scope;
    }

    static String format(String text, Object values, Scope scope) {
        return new PercentFormat(values, scope).format(text);
    }

    private String format(String text) {
        StringBuilder formatted = new StringBuilder();
        Matcher field = FIELD.matcher(text);
        int from = 0;
        while (field.find(from)) {
            formatted.append(text, from, field.start()).append(field(field));
            from = field.end();
        }
        boolean byName = values instanceof Map || values instanceof List || values instanceof Undefined;
        if (!byName && next < inOrder.size()) {
            throw TemplateException.runtime("'%' has more values than its text has places");
        }
        return formatted.append(text, from, text.length()).toString();
    }

    private String field(Matcher field) {
        if (field.group(5) == null) {
            throw TemplateException.runtime("a place in the text before '%' is not complete");
        }
        char type = field.group(5).charAt(0);
        if (type == '%') {
            return "%";
        }
        String flags = field.group(2);
        int width = number(field.group(3), 0);
        int precision = field.group(4) == null ? -1 : number(field.group(4), 0);
        Object value = field.group(1) == null ? value() : named(field.group(1));
        boolean left = flags.indexOf('-') >= 0 || width < 0;
        boolean zero = flags.indexOf('0') >= 0 && !left && type != 's' && type != 'r' && type != 'a';
        char sign = flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-';
        boolean isText = type == 's' || type == 'r' || type == 'a' || type == 'c';
        char align = left ? '<' : zero ? '=' : '>';
        return new FormatSpec(
                        zero ? "0" : " ",
                        align,
                        isText ? '-' : sign,
                        flags.indexOf('#') >= 0,
                        Math.abs(width),
                        "",
                        isText || "eEfFgG".indexOf(type) >= 0 ? precision : -1,
                        kind(type))
                .format(converted(type, value), scope);
    }

    private static char kind(char type) {
        return switch (type) {
            case 'i', 'u', 'd' -> 'd';
            case 'o', 'x', 'X', 'e', 'E', 'f', 'F', 'g', 'G' -> type;
            case 's', 'r', 'a', 'c' -> 's';
            default -> throw TemplateException.runtime("'%' does not know a type of its text");
        };
    }

    private static Object converted(char type, Object value) {
        return switch (type) {
            case 's' -> Printed.text(value);
            case 'r', 'a' -> Printed.repr(value);
            case 'c' ->
                Types.isText(value) && PythonText.length(value.toString()) == 1
                        ? value
                        : Character.toString(Numbers.big(number(value)).intValueExact());
            case 'd', 'i', 'u' ->
                number(value) instanceof Double real
                        ? Numbers.integer(Conversions.truncated(real))
                        : value instanceof Boolean ? Numbers.positive(value) : value;
            case 'o', 'x', 'X' ->
                Types.isInteger(value) || value instanceof Boolean ? Numbers.positive(value) : fail(value);
            default -> (Object) Numbers.real(number(value));
        };
    }

    private static Object number(Object value) {
        return Types.isNumber(value) ? value : fail(value);
    }

    private static Object fail(Object value) {
        throw Types.unsupported("a number of '%'", value);
    }

    private int number(String digits, int otherwise) {
        if (digits == null || digits.isEmpty()) {
            return otherwise;
        }
        return digits.equals("*") ? Arguments.of(value()).places("%", 1, 1).integer(0, 0) : Integer.parseInt(digits);
    }

    private Object value() {
        if (next >= inOrder.size()) {
            throw TemplateException.runtime("'%' has fewer values than its text has places");
        }
        return inOrder.get(next++);
    }

    private Object named(String name) {
        if (!(values instanceof Map<?, ?> map) || map.get(name) == null) {
            throw TemplateException.runtime("'%' has no value for a name of its text");
        }
        return map.get(name);
    }
}
