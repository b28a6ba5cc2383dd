package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code tojson} as the transformers library defines it: plain JSON, nothing escaped for HTML, other characters than ASCII as they are.
 *
 * <p>Threading: pure functions.
 */
final class JsonFilter {

    private static final int WIDEST = 64;

    private JsonFilter() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("tojson", JsonFilter::dump);
    }

    private static Object dump(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        @Nullable String indent = indent(bound);
        String itemSeparator = indent == null ? ", " : ",";
        String keySeparator = ": ";
        if (!(bound.value(2) instanceof None)) {
            List<Object> separators = Sequences.list(bound.value(2));
            if (separators.size() != 2 || !separators.stream().allMatch(Types::isText)) {
                throw TemplateException.runtime("the separators of 'tojson' are two texts");
            }
            itemSeparator = separators.get(0).toString();
            keySeparator = separators.get(1).toString();
        }
        Json json = new Json(bound.flag(0, false), indent, itemSeparator, keySeparator, bound.flag(3, false));
        String text = json.dump(value);
        scope.rendering().write(text.length());
        return text;
    }

    private static @Nullable String indent(Bound bound) {
        Object indent = bound.value(1);
        if (indent instanceof None || Types.isText(indent)) {
            return bound.textOrNone(1);
        }
        int width = bound.integer(1, 0);
        if (width > WIDEST) {
            throw new TemplateException(
                    TemplateException.Kind.LIMIT, 0, "an indent of 'tojson' is wider than " + WIDEST);
        }
        return " ".repeat(Math.max(0, width));
    }
}
