package io.penstock.router.tokenize.jinja;

import java.util.Locale;

/**
 * The escapes of Python's string literals.
 *
 * <p>Threading: pure functions.
 */
final class StringLiteral {

    private static final String NAMED = "\\'\"abfnrtv";
    private static final String MEANT = "\\'\"\u0007\b\f\n\r\t\u000b";

    private StringLiteral() {}

    /**
     * The text a literal means. A backslash before anything that is no escape stays.
     *
     * @throws IllegalArgumentException when an escape by number or name is not complete
     */
    static String unescaped(String literal) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder text = new StringBuilder(literal.length());
        int at = 0;
        while (at < literal.length()) {
            char next = literal.charAt(at);
            if (next == '\\') {
                at = escape(literal, at + 1, text);
            } else {
                text.append(next);
                at++;
            }
        }
        return text.toString();
    }

    private static int escape(String literal, int at, StringBuilder text) {
        char kind = literal.charAt(at);
        int named = NAMED.indexOf(kind);
        if (named >= 0) {
            text.append(MEANT.charAt(named));
            return at + 1;
        }
        return switch (kind) {
            case '\n' -> at + 1;
            case 'x' -> hex(literal, at + 1, 2, text);
            case 'u' -> hex(literal, at + 1, 4, text);
            case 'U' -> hex(literal, at + 1, 8, text);
            case 'N' -> name(literal, at + 1, text);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(literal, at, text);
            default -> {
                text.append('\\').append(kind);
                yield at + 1;
            }
        };
    }

    private static int hex(String literal, int at, int digits, StringBuilder text) {
        if (at + digits > literal.length()) {
            throw new IllegalArgumentException("too short");
        }
        String number = literal.substring(at, at + digits);
        if (!number.chars().allMatch(digit -> Character.digit(digit, 16) >= 0 && digit < 128)) {
            throw new IllegalArgumentException("no number");
        }
        text.appendCodePoint(Integer.parseUnsignedInt(number, 16));
        return at + digits;
    }

    private static int octal(String literal, int at, StringBuilder text) {
        int end = at;
        while (end < literal.length() && end < at + 3 && literal.charAt(end) >= '0' && literal.charAt(end) <= '7') {
            end++;
        }
        text.appendCodePoint(Integer.parseInt(literal.substring(at, end), 8));
        return end;
    }

    private static int name(String literal, int at, StringBuilder text) {
        int end = literal.indexOf('}', at);
        if (at >= literal.length() || literal.charAt(at) != '{' || end < 0) {
            throw new IllegalArgumentException("no name");
        }
        text.appendCodePoint(
                Character.codePointOf(literal.substring(at + 1, end).toUpperCase(Locale.ROOT)));
        return end + 1;
    }
}
