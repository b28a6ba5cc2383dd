package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;

/**
 * What {@code str()} and {@code repr()} make of values, to the letter.
 *
 * <p>Threading: pure functions.
 */
final class Printed {

    /** Values nested deeper are cut, as a reader of the prompt is not helped by them. */
    private static final int DEEPEST = 1000;

    private Printed() {}

    /** {@code str(value)}. */
    static String text(Object value) {
        if (Types.isText(value)) {
            return value.toString();
        }
        if (value instanceof Undefined) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        write(value, text, 0);
        return text.toString();
    }

    /** {@code repr(value)}. */
    static String repr(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text, 0);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text, int depth) {
        if (depth > DEEPEST) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "a value is nested too deeply to be printed");
        }
        if (value instanceof String string) {
            quote(string, text);
        } else if (value instanceof List<?> list) {
            items(list, "[", "]", text, depth);
        } else if (value instanceof Map<?, ?> map) {
            entries(map, text, depth);
        } else if (value instanceof Tuple tuple) {
            items(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", text, depth);
        } else if (value instanceof Group group) {
            write(group.tuple(), text, depth);
        } else if (value instanceof DictView view) {
            items(view.entries(), "dict_" + view.kind() + "([", "])", text, depth);
        } else if (value instanceof Namespace namespace) {
            text.append("<Namespace ");
            entries(namespace.attributes(), text, depth);
            text.append('>');
        } else if (value instanceof Markup markup) {
            text.append("Markup(");
            quote(markup.text(), text);
            text.append(')');
        } else {
            text.append(plain(value));
        }
    }

    private static String plain(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Double real) {
            return FloatText.repr(real);
        }
        if (value instanceof Undefined) {
            return "Undefined";
        }
        if (value instanceof LoopState) {
            return value.toString();
        }
        if (value instanceof Range range) {
            String bounds = "range(" + range.start() + ", " + range.stop();
            return range.step() == 1 ? bounds + ")" : bounds + ", " + range.step() + ")";
        }
        return Types.isInteger(value) ? value.toString() : "<" + Types.name(value) + ">";
    }

    private static void items(List<?> items, String open, String close, StringBuilder text, int depth) {
        text.append(open);
        String separator = "";
        for (Object item : items) {
            text.append(separator);
            write(item, text, depth + 1);
            separator = ", ";
        }
        text.append(close);
    }

    private static void entries(Map<?, ?> map, StringBuilder text, int depth) {
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            write(entry.getKey(), text, depth + 1);
            text.append(": ");
            write(entry.getValue(), text, depth + 1);
            separator = ", ";
        }
        text.append('}');
    }

    private static void quote(String string, StringBuilder text) {
        char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        text.append(quote);
        string.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c == quote) {
                        text.append('\\').append(quote);
                    } else if (PythonText.isPrintable(c)) {
                        text.appendCodePoint(c);
                    } else {
                        text.append(escape(c));
                    }
                }
            }
        });
        text.append(quote);
    }

    private static String escape(int c) {
        return c < 0x100 ? "\\x%02x".formatted(c) : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
    }
}
