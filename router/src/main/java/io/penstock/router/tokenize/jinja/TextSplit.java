package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The methods that take a text apart.
 *
 * <p>Threading: pure functions.
 */
final class TextSplit {

    private TextSplit() {}

    static void addTo(Map<String, TextMethod> methods) {
        methods.put("split", (text, arguments, scope) -> split(text, arguments, false));
        methods.put("rsplit", (text, arguments, scope) -> split(text, arguments, true));
        methods.put("partition", (text, arguments, scope) -> partition("partition", text, arguments, false));
        methods.put("rpartition", (text, arguments, scope) -> partition("rpartition", text, arguments, true));
        methods.put(
                "splitlines",
                (text, arguments, scope) -> PythonText.lines(
                        text, arguments.bind("splitlines", 0, "keepends").flag(0, false)));
    }

    private static Object split(String text, Arguments arguments, boolean fromEnd) {
        Bound bound = arguments.bind("split", 0, "sep", "maxsplit");
        @Nullable String separator = bound.textOrNone(0);
        int most = bound.integer(1, -1);
        if (separator == null) {
            return fromEnd ? wordsFromEnd(text, most) : words(text, most);
        }
        if (separator.isEmpty()) {
            throw TemplateException.runtime("'split' needs a separator that is not empty");
        }
        return fromEnd ? partsFromEnd(text, separator, most) : parts(text, separator, most);
    }

    private static List<Object> parts(String text, String separator, int most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        int at = text.indexOf(separator);
        while (at >= 0 && parts.size() != most) {
            parts.add(text.substring(from, at));
            from = at + separator.length();
            at = text.indexOf(separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static List<Object> partsFromEnd(String text, String separator, int most) {
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        int at = text.lastIndexOf(separator);
        while (at >= 0 && parts.size() != most) {
            parts.add(text.substring(at + separator.length(), to));
            to = at;
            at = to - separator.length() < 0 ? -1 : text.lastIndexOf(separator, to - separator.length());
        }
        parts.add(text.substring(0, to));
        Collections.reverse(parts);
        return parts;
    }

    private static List<Object> words(String text, int most) {
        List<Object> words = new ArrayList<>();
        int at = space(text, 0, 1, true);
        while (at < text.length()) {
            if (words.size() == most) {
                words.add(text.substring(at));
                return words;
            }
            int end = space(text, at, 1, false);
            words.add(text.substring(at, end));
            at = space(text, end, 1, true);
        }
        return words;
    }

    private static List<Object> wordsFromEnd(String text, int most) {
        List<Object> words = new ArrayList<>();
        int end = space(text, text.length() - 1, -1, true);
        while (end >= 0) {
            if (words.size() == most) {
                words.add(text.substring(0, end + 1));
                break;
            }
            int start = space(text, end, -1, false);
            words.add(text.substring(start + 1, end + 1));
            end = space(text, start, -1, true);
        }
        Collections.reverse(words);
        return words;
    }

    /** Goes on over white space, or over what is none. */
    private static int space(String text, int from, int by, boolean over) {
        int at = from;
        while (at >= 0 && at < text.length() && PythonText.isSpace(text.charAt(at)) == over) {
            at += by;
        }
        return at;
    }

    private static Object partition(String name, String text, Arguments arguments, boolean last) {
        String separator = arguments.places(name, 1, 1).text(0, "");
        if (separator.isEmpty()) {
            throw TemplateException.runtime("'" + name + "' needs a separator that is not empty");
        }
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
