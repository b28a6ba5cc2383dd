package io.penstock.router.tokenize.jinja;

import java.util.Iterator;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The methods that strip, pad, join and replace.
 *
 * <p>Threading: pure functions.
 */
final class TextShape {

    private TextShape() {}

    static void addTo(Map<String, TextMethod> methods) {
        methods.put("strip", (text, arguments, scope) -> strip("strip", text, arguments, true, true));
        methods.put("lstrip", (text, arguments, scope) -> strip("lstrip", text, arguments, true, false));
        methods.put("rstrip", (text, arguments, scope) -> strip("rstrip", text, arguments, false, true));
        methods.put("ljust", (text, arguments, scope) -> pad("ljust", text, arguments, scope));
        methods.put("rjust", (text, arguments, scope) -> pad("rjust", text, arguments, scope));
        methods.put("center", (text, arguments, scope) -> pad("center", text, arguments, scope));
        methods.put("zfill", TextShape::zeroFill);
        methods.put("join", (text, arguments, scope) -> join(text, arguments, scope));
        methods.put("replace", TextShape::replace);
        methods.put("removeprefix", (text, arguments, scope) -> {
            String prefix = arguments.places("removeprefix", 1, 1).text(0, "");
            return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
        });
        methods.put("removesuffix", (text, arguments, scope) -> {
            String suffix = arguments.places("removesuffix", 1, 1).text(0, "");
            return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
        });
        methods.put("expandtabs", TextShape::expandTabs);
    }

    private static Object strip(String name, String text, Arguments arguments, boolean start, boolean end) {
        return stripped(text, arguments.places(name, 0, 1).textOrNone(0), start, end);
    }

    /** Without some characters, or white space where none are named, at its ends. */
    static String stripped(String text, @Nullable String characters, boolean start, boolean end) {
        IntPredicate goes = characters == null ? PythonText::isSpace : c -> characters.indexOf(c) >= 0;
        return PythonText.strip(text, goes, start, end);
    }

    private static Object pad(String name, String text, Arguments arguments, Scope scope) {
        Bound bound = arguments.places(name, 1, 2);
        String fill = bound.text(1, " ");
        if (PythonText.length(fill) != 1) {
            throw TemplateException.runtime("'" + name + "' fills with one character");
        }
        int width = bound.integer(0, 0);
        int missing = width - PythonText.length(text);
        if (missing <= 0) {
            return text;
        }
        scope.rendering().write(missing);
        return switch (name) {
            case "ljust" -> text + fill.repeat(missing);
            case "rjust" -> fill.repeat(missing) + text;
            default -> centered(text, fill, missing, width);
        };
    }

    /** Where the padding is odd, Python puts more of it on the left of texts that fill an odd width. */
    private static String centered(String text, String fill, int missing, int width) {
        int left = missing / 2 + (missing & width & 1);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    static String centered(String text, int width, Scope scope) {
        int missing = width - PythonText.length(text);
        scope.rendering().write(Math.max(0, missing));
        return missing <= 0 ? text : centered(text, " ", missing, width);
    }

    private static Object zeroFill(String text, Arguments arguments, Scope scope) {
        int missing = arguments.places("zfill", 1, 1).integer(0, 0) - PythonText.length(text);
        if (missing <= 0) {
            return text;
        }
        scope.rendering().write(missing);
        boolean signed = text.startsWith("-") || text.startsWith("+");
        return (signed ? text.substring(0, 1) : "") + "0".repeat(missing) + text.substring(signed ? 1 : 0);
    }

    private static Object join(String separator, Arguments arguments, Scope scope) {
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Iterator<Object> parts =
                        Sequences.iterator(arguments.places("join", 1, 1).value(0));
                parts.hasNext(); ) {
            Object part = parts.next();
            if (!Types.isText(part)) {
                throw Types.unsupported("'join'", part);
            }
            scope.rendering().write((long) separator.length() + part.toString().length());
            joined.append(first ? "" : separator).append(part);
            first = false;
        }
        return joined.toString();
    }

    private static Object replace(String text, Arguments arguments, Scope scope) {
        Bound bound = arguments.places("replace", 2, 3);
        return replaced(text, bound.text(0, ""), bound.text(1, ""), bound.integer(2, -1), scope);
    }

    /** At most so many times, without bound where it is negative. An empty text stands before each character and at the end. */
    static String replaced(String text, String old, String replacement, int most, Scope scope) {
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        int found = text.indexOf(old);
        for (int times = 0; found >= 0 && times != most; times++) {
            scope.rendering().write((long) replacement.length() + found - from);
            replaced.append(text, from, found).append(replacement);
            from = found + old.length();
            if (old.isEmpty() && found == text.length()) {
                break;
            }
            found = old.isEmpty() ? text.offsetByCodePoints(found, 1) : text.indexOf(old, from);
        }
        return replaced.append(text, from, text.length()).toString();
    }

    private static Object expandTabs(String text, Arguments arguments, Scope scope) {
        int size = arguments.bind("expandtabs", 0, "tabsize").integer(0, 8);
        StringBuilder expanded = new StringBuilder();
        int column = 0;
        for (int c : text.codePoints().toArray()) {
            if (c == '\t' && size > 0) {
                scope.rendering().write(size);
                expanded.append(" ".repeat(size - column % size));
                column = 0;
            } else if (c != '\t') {
                expanded.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return expanded.toString();
    }
}
