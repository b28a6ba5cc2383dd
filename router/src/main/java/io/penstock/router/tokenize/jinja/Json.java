package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's {@code json.dumps}, to the letter, with the options that chat templates may give.
 *
 * <p>Threading: immutable.
 *
 * @param indent one step of indentation, or null for one line
 */
record Json(boolean ascii, @Nullable String indent, String itemSeparator, String keySeparator, boolean sortKeys) {

    private static final int DEEPEST = 900;

    String dump(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text, 0);
        return text.toString();
    }

    private void write(Object value, StringBuilder text, int depth) {
        if (depth > DEEPEST) {
            throw new TemplateException(TemplateException.Kind.LIMIT, 0, "a value is nested too deeply for JSON");
        }
        if (Types.isText(value)) {
            quote(value.toString(), text);
        } else if (value instanceof List<?> list) {
            items(list, text, depth);
        } else if (value instanceof Tuple || value instanceof Group) {
            items(Sequences.list(value), text, depth);
        } else if (value instanceof Map<?, ?> map) {
            entries(map, text, depth);
        } else if (value instanceof None || Types.isNumber(value)) {
            text.append(plain(value));
        } else {
            throw Types.unsupported("'tojson'", value);
        }
    }

    private static String plain(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? "true" : "false";
        }
        if (value instanceof None) {
            return "null";
        }
        if (value instanceof Double real) {
            return Double.isNaN(real)
                    ? "NaN"
                    : Double.isInfinite(real) ? (real > 0 ? "Infinity" : "-Infinity") : FloatText.repr(real);
        }
        return value.toString();
    }

    private void items(List<?> items, StringBuilder text, int depth) {
        if (items.isEmpty()) {
            text.append("[]");
            return;
        }
        text.append('[');
        String separator = "";
        for (Object item : items) {
            text.append(separator);
            line(text, depth + 1);
            write(item, text, depth + 1);
            separator = itemSeparator;
        }
        line(text, depth);
        text.append(']');
    }

    private void entries(Map<?, ?> map, StringBuilder text, int depth) {
        if (map.isEmpty()) {
            text.append("{}");
            return;
        }
        text.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : ordered(map)) {
            text.append(separator);
            line(text, depth + 1);
            quote(key(entry.getKey()), text);
            text.append(keySeparator);
            write(entry.getValue(), text, depth + 1);
            separator = itemSeparator;
        }
        line(text, depth);
        text.append('}');
    }

    private List<Map.Entry<?, ?>> ordered(Map<?, ?> map) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sortKeys) {
            entries.sort((a, b) -> Comparisons.order(a.getKey(), b.getKey()));
        }
        return entries;
    }

    private static String key(Object key) {
        if (Types.isText(key)) {
            return key.toString();
        }
        if (key instanceof None || Types.isNumber(key)) {
            return plain(key);
        }
        throw Types.unsupported("a key of 'tojson'", key);
    }

    private void line(StringBuilder text, int depth) {
        if (indent != null) {
            text.append('\n').append(indent.repeat(depth));
        }
    }

    private void quote(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ' || (ascii && c > '~')) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
