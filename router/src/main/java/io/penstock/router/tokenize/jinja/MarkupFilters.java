package io.penstock.router.tokenize.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The filters for HTML and URLs, which a chat template uses by accident at most.
 *
 * <p>Threading: pure functions.
 */
final class MarkupFilters {

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

    private MarkupFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("escape", MarkupFilters::escape);
        filters.put("e", MarkupFilters::escape);
        filters.put("forceescape", (value, arguments, scope) -> escape(Printed.text(value), arguments, scope));
        filters.put("safe", (value, arguments, scope) -> {
            arguments.none("safe");
            return new Markup(Printed.text(value));
        });
        filters.put("urlencode", MarkupFilters::urlEncode);
    }

    private static Object escape(Object value, Arguments arguments, Scope scope) {
        arguments.none("escape");
        String text = Printed.text(value);
        scope.rendering().write(5L * text.length());
        return Markup.escaped(value);
    }

    private static Object urlEncode(Object value, Arguments arguments, Scope scope) {
        arguments.none("urlencode");
        if (Types.isText(value) || !Sequences.isIterable(value)) {
            return quoted(Printed.text(value), "/", scope).replace("+", "%20");
        }
        StringBuilder query = new StringBuilder();
        List<Object> pairs = value instanceof Map<?, ?> map ? DictMethods.items(map) : Sequences.list(value);
        for (Object pair : pairs) {
            List<Object> parts = Sequences.list(pair);
            if (parts.size() != 2) {
                throw TemplateException.runtime("'urlencode' takes pairs of a key and a value");
            }
            query.append(query.isEmpty() ? "" : "&")
                    .append(quoted(Printed.text(parts.get(0)), "", scope))
                    .append('=')
                    .append(quoted(Printed.text(parts.get(1)), "", scope));
        }
        return query.toString();
    }

    private static String quoted(String text, String alsoSafe, Scope scope) {
        scope.rendering().write(3L * text.length());
        StringBuilder quoted = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (UNRESERVED.indexOf(c) >= 0 || alsoSafe.indexOf(c) >= 0) {
                quoted.append(c);
            } else {
                quoted.append(c == ' ' ? "+" : "%%%02X".formatted((int) c));
            }
        }
        return quoted.toString();
    }
}
