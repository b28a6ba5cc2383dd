package io.penstock.router.tokenize.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code text.format(values)}.
 *
 * <p>Threading: confined to one call.
 */
final class BraceFormat {

    private static final int DEEPEST = 2;
    private static final Pattern PART = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)]");

    private final Arguments arguments;
    private final Scope scope;
    private int next;

    private BraceFormat(Arguments arguments, Scope scope) {
        this.arguments = arguments;
        this.scope = scope;
    }

    static Object format(String text, Arguments arguments, Scope scope) {
        return new BraceFormat(arguments, scope).format(text, 0);
    }

    private String format(String text, int depth) {
        if (depth >= DEEPEST) {
            throw TemplateException.runtime("a format is nested too deeply");
        }
        StringBuilder formatted = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean twice = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && twice) {
                formatted.append(c);
                at += 2;
            } else if (c == '{') {
                int end = end(text, at + 1);
                formatted.append(field(text.substring(at + 1, end), depth));
                at = end + 1;
            } else if (c == '}') {
                throw TemplateException.runtime("'format' finds a single '}'");
            } else {
                formatted.append(c);
                at++;
            }
        }
        return formatted.toString();
    }

    private static int end(String text, int from) {
        int open = 1;
        for (int at = from; at < text.length(); at++) {
            open += text.charAt(at) == '{' ? 1 : text.charAt(at) == '}' ? -1 : 0;
            if (open == 0) {
                return at;
            }
        }
        throw TemplateException.runtime("'format' finds a '{' that is not closed");
    }

    private String field(String field, int depth) {
        int colon = field.indexOf(':');
        String head = colon < 0 ? field : field.substring(0, colon);
        int mark = head.indexOf('!');
        Object value = value(mark < 0 ? head : head.substring(0, mark));
        Object converted = mark < 0 ? value : converted(head.substring(mark + 1), value);
        String spec = colon < 0 ? "" : format(field.substring(colon + 1), depth + 1);
        if (spec.isEmpty()) {
            String text = Printed.text(converted);
            scope.rendering().write(text.length());
            return text;
        }
        return FormatSpec.parse(spec).format(converted, scope);
    }

    private static Object converted(String conversion, Object value) {
        return switch (conversion) {
            case "s" -> Printed.text(value);
            case "r", "a" -> Printed.repr(value);
            default -> throw TemplateException.runtime("'format' does not know a conversion of its text");
        };
    }

    private Object value(String path) {
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.substring(0, end));
        Matcher part = PART.matcher(path).region(end, path.length());
        while (part.lookingAt()) {
            value = part.group(1) != null
                    ? Members.attribute(value, part.group(1))
                    : Members.item(value, key(part.group(2)));
            part.region(part.end(), path.length());
        }
        return value;
    }

    private Object first(String name) {
        if (!name.isEmpty() && !name.chars().allMatch(Character::isDigit)) {
            Object value = arguments.named().get(name);
            if (value == null) {
                throw TemplateException.runtime("'format' has no value for a name of its text");
            }
            return value;
        }
        int place = name.isEmpty() ? next++ : Numbers.big(key(name)).intValueExact();
        if (place >= arguments.positional().size()) {
            throw TemplateException.runtime("'format' has fewer values than its text has places");
        }
        return arguments.positional().get(place);
    }

    private static Object key(String text) {
        boolean number = text.length() < 10 && text.chars().allMatch(Character::isDigit);
        return number ? (Object) Long.parseLong(text) : text;
    }
}
