package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Text as Python sees it: made of code points, with its own idea of white space and lines.
 *
 * <p>Threading: pure functions.
 */
final class PythonText {

    private PythonText() {}

    /** {@code str.isspace} of one character. None lies beyond the basic plane. */
    static boolean isSpace(int c) {
        return switch (c) {
            case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || (c >= 0x2000 && c <= 0x200A);
        };
    }

    /** {@code str.isspace}: false for the empty text. */
    static boolean isSpace(String text) {
        return !text.isEmpty() && text.chars().allMatch(PythonText::isSpace);
    }

    static String stripEnd(String text) {
        return strip(text, PythonText::isSpace, false, true);
    }

    /** Without the code points at its start or end, or both, that are to go. */
    static String strip(String text, IntPredicate goes, boolean atStart, boolean atEnd) {
        int start = 0;
        int end = text.length();
        while (atStart && start < end && goes.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (atEnd && end > start && goes.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Whether each code point is one character, so that positions are the same to Java and to Python. */
    static boolean isPlain(String text) {
        return length(text) == text.length();
    }

    /** The position in Java's characters of a code point, or the length where there are fewer. */
    static int offset(String text, int codePoints) {
        if (isPlain(text)) {
            return Math.min(codePoints, text.length());
        }
        return codePoints >= length(text) ? text.length() : text.offsetByCodePoints(0, codePoints);
    }

    /** The code points one by one, each as a text. */
    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        for (int at = 0; at < text.length(); ) {
            int next = text.offsetByCodePoints(at, 1);
            characters.add(text.substring(at, next));
            at = next;
        }
        return characters;
    }

    /** {@code str.splitlines}. */
    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!endsLine(c)) {
                at++;
                continue;
            }
            int next = c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n' ? at + 2 : at + 1;
            lines.add(text.substring(start, keepEnds ? next : at));
            start = next;
            at = next;
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean endsLine(char c) {
        return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /** {@code str.isprintable} of one code point. */
    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** {@code str.capitalize}. */
    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titleCase(text.codePointAt(0)) + Case.lower(text.substring(first));
    }

    /** {@code str.title}: a cased character after one that is not cased starts a word. */
    static String titled(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean within = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            titled.append(within ? Case.lower(text.substring(at, next)) : titleCase(c));
            within = Case.isCased(c);
            at = next;
        }
        return titled.toString();
    }

    private static String titleCase(int c) {
        int title = Character.toTitleCase(c);
        if (title != c || c < 128) {
            return Character.toString(title);
        }
        String upper = Case.upper(Character.toString(c));
        return upper.length() == 1 ? upper : upper.charAt(0) + Case.lower(upper.substring(1));
    }
}
