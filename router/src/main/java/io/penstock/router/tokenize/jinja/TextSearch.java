package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;

/**
 * The methods that look for a text within another. Positions are those of code points.
 *
 * <p>Threading: pure functions.
 */
final class TextSearch {

    private TextSearch() {}

    static void addTo(Map<String, TextMethod> methods) {
        methods.put("find", (text, arguments, scope) -> found("find", text, arguments, false));
        methods.put("rfind", (text, arguments, scope) -> found("rfind", text, arguments, true));
        methods.put("index", (text, arguments, scope) -> present("index", text, arguments, false));
        methods.put("rindex", (text, arguments, scope) -> present("rindex", text, arguments, true));
        methods.put("count", (text, arguments, scope) -> count(text, arguments));
        methods.put("startswith", (text, arguments, scope) -> touches("startswith", text, arguments, true));
        methods.put("endswith", (text, arguments, scope) -> touches("endswith", text, arguments, false));
    }

    /** The part of a text between two positions, and where it begins; {@code start} is -1 where they cross. */
    private record Part(String text, int start) {

        static Part of(String text, Bound bound) {
            int length = PythonText.length(text);
            int start = place(bound, 1, 0, length);
            int end = Math.min(length, place(bound, 2, length, length));
            return start > end || start > length
                    ? new Part("", -1)
                    : new Part(text.substring(PythonText.offset(text, start), PythonText.offset(text, end)), start);
        }

        private static int place(Bound bound, int argument, int otherwise, int length) {
            int place = bound.value(argument) instanceof None ? otherwise : bound.integer(argument, otherwise);
            return place < 0 ? Math.max(0, place + length) : place;
        }
    }

    private static long found(String name, String text, Arguments arguments, boolean last) {
        Bound bound = arguments.places(name, 1, 3);
        String wanted = bound.text(0, "");
        Part part = Part.of(text, bound);
        if (part.start() < 0) {
            return -1;
        }
        int at = last ? part.text().lastIndexOf(wanted) : part.text().indexOf(wanted);
        return at < 0 ? -1 : part.start() + part.text().codePointCount(0, at);
    }

    private static long present(String name, String text, Arguments arguments, boolean last) {
        long at = found(name, text, arguments, last);
        if (at < 0) {
            throw TemplateException.runtime("'" + name + "' does not find this text");
        }
        return at;
    }

    private static long count(String text, Arguments arguments) {
        Bound bound = arguments.places("count", 1, 3);
        String wanted = bound.text(0, "");
        Part part = Part.of(text, bound);
        if (part.start() < 0) {
            return 0;
        }
        if (wanted.isEmpty()) {
            return PythonText.length(part.text()) + 1L;
        }
        long count = 0;
        for (int at = part.text().indexOf(wanted); at >= 0; at = part.text().indexOf(wanted, at + wanted.length())) {
            count++;
        }
        return count;
    }

    private static boolean touches(String name, String text, Arguments arguments, boolean start) {
        Bound bound = arguments.places(name, 1, 3);
        List<Object> wanted = bound.value(0) instanceof Tuple tuple ? tuple.items() : List.of(bound.text(0, ""));
        Part part = Part.of(text, bound);
        for (Object one : wanted) {
            if (!Types.isText(one)) {
                throw Types.unsupported("'" + name + "'", one);
            }
            String edge = one.toString();
            if (part.start() >= 0
                    && (start ? part.text().startsWith(edge) : part.text().endsWith(edge))) {
                return true;
            }
        }
        return false;
    }
}
