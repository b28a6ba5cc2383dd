package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filters that make a text of a text.
 *
 * <p>Threading: pure functions.
 */
final class TextFilters {

    private static final Pattern TITLE_PART =
            Pattern.compile("[-\\s({\\[<]+|[^-\\s({\\[<]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int LEEWAY = 5;

    private TextFilters() {}

    static void addTo(Map<String, Filter> filters) {
        change(filters, "upper", Case::upper);
        change(filters, "lower", Case::lower);
        change(filters, "capitalize", PythonText::capitalized);
        change(filters, "title", TextFilters::title);
        filters.put("trim", TextFilters::trim);
        filters.put("replace", TextFilters::replace);
        filters.put("indent", TextFilters::indent);
        filters.put("truncate", TextFilters::truncate);
        filters.put(
                "center",
                (value, arguments, scope) -> like(
                        value,
                        TextShape.centered(
                                Printed.text(value),
                                arguments.bind("center", 0, "width").integer(0, 80),
                                scope)));
        filters.put("wordcount", (value, arguments, scope) -> {
            arguments.none("wordcount");
            return WORD.matcher(Printed.text(value)).results().count();
        });
        filters.put("format", TextFilters::format);
        filters.put("string", (value, arguments, scope) -> {
            arguments.none("string");
            return Types.isText(value) ? value : Printed.text(value);
        });
    }

    private static void change(Map<String, Filter> filters, String name, UnaryOperator<String> change) {
        filters.put(name, (value, arguments, scope) -> {
            arguments.none(name);
            String text = Printed.text(value);
            scope.rendering().write(text.length());
            return like(value, change.apply(text));
        });
    }

    private static Object like(Object original, String text) {
        return original instanceof Markup ? new Markup(text) : text;
    }

    private static String title(String text) {
        StringBuilder title = new StringBuilder(text.length());
        Matcher part = TITLE_PART.matcher(text);
        while (part.find()) {
            int first = text.offsetByCodePoints(part.start(), 1);
            title.append(Case.upper(text.substring(part.start(), first)))
                    .append(Case.lower(text.substring(first, part.end())));
        }
        return title.toString();
    }

    private static Object trim(Object value, Arguments arguments, Scope scope) {
        String text = Printed.text(value);
        scope.rendering().write(text.length());
        return like(
                value,
                TextShape.stripped(text, arguments.bind("trim", 0, "chars").textOrNone(0), true, true));
    }

    private static Object replace(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("replace", 2, "old", "new", "count");
        int most = bound.value(2) instanceof None ? -1 : bound.integer(2, -1);
        String text = Printed.text(value);
        scope.rendering().write(text.length());
        return TextShape.replaced(text, Printed.text(bound.value(0)), Printed.text(bound.value(1)), most, scope);
    }

    private static Object indent(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("indent", 0, "width", "first", "blank");
        if (!Types.isText(value)) {
            throw Types.unsupported("'indent'", value);
        }
        String step = bound.has(0) && Types.isText(bound.value(0))
                ? bound.text(0, "")
                : indentation(bound.integer(0, 4), scope);
        List<Object> lines = PythonText.lines(value + "\n", false);
        scope.rendering().write(value.toString().length() + (long) lines.size() * step.length());
        boolean blank = bound.flag(2, false);
        StringBuilder indented = new StringBuilder(bound.flag(1, false) ? step : "");
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            indented.append(i > 0 ? "\n" : "")
                    .append(i > 0 && (blank || !line.isEmpty()) ? step : "")
                    .append(line);
        }
        return like(value, indented.toString());
    }

    private static String indentation(int width, Scope scope) {
        scope.rendering().write(Math.max(0, width));
        return " ".repeat(Math.max(0, width));
    }

    private static Object truncate(Object value, Arguments arguments, Scope scope) {
        Bound bound = arguments.bind("truncate", 0, "length", "killwords", "end", "leeway");
        String end = bound.text(2, "...");
        int length = bound.integer(0, 255);
        int leeway = bound.value(3) instanceof None ? LEEWAY : bound.integer(3, LEEWAY);
        if (length < PythonText.length(end) || leeway < 0) {
            throw TemplateException.runtime("'truncate' has no room for its end");
        }
        if (Sequences.length(value) <= length + leeway) {
            return value;
        }
        if (!Types.isText(value)) {
            throw Types.unsupported("'truncate'", value);
        }
        String text = value.toString();
        String cut = text.substring(0, PythonText.offset(text, length - PythonText.length(end)));
        int space = bound.flag(1, false) ? -1 : cut.lastIndexOf(' ');
        return like(value, (space < 0 ? cut : cut.substring(0, space)) + end);
    }

    private static Object format(Object value, Arguments arguments, Scope scope) {
        if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
            throw TemplateException.runtime("'format' takes arguments by place or by name, not both");
        }
        Object values = arguments.named().isEmpty() ? new Tuple(arguments.positional()) : arguments.named();
        return like(value, PercentFormat.format(Printed.text(value), values, scope));
    }
}
