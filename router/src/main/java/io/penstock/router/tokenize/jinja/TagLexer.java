package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts what stands within a tag: names, literals and signs.
 *
 * <p>Threading: confined to the call of {@link Lexer#tokens}.
 */
final class TagLexer {

    private static final Pattern DECIMAL = Pattern.compile(
            "(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?e[+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern INTEGER = Pattern.compile(
            "0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\\da-f])+|[1-9](?:_?\\d)*|0(?:_?0)*", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final List<String> SIGNS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private final List<Token> tokens;
    private int position;
    private int line;

    TagLexer(String source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    /** Adds the tokens from a position on, up to the tag's end. Returns where that end begins, its sign included, or the end of the source. */
    int scan(int from, int startLine, boolean block) {
        position = from;
        line = startLine;
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                return position;
            }
            if (open.isEmpty() && atEnd(block)) {
                return position;
            }
            next(open);
        }
    }

    private boolean atEnd(boolean block) {
        String end = block ? "%}" : "}}";
        boolean signed = source.charAt(position) == '-' || (block && source.charAt(position) == '+');
        return source.startsWith(end, position) || (signed && source.startsWith(end, position + 1));
    }

    private void next(Deque<Character> open) {
        char first = source.charAt(position);
        if (first == '\'' || first == '"') {
            string(first);
        } else if (first >= '0' && first <= '9') {
            number();
        } else {
            Matcher name = NAME.matcher(source).region(position, source.length());
            if (name.lookingAt()) {
                name(name);
            } else {
                sign(open);
            }
        }
    }

    private void name(Matcher name) {
        if (!Character.isUnicodeIdentifierStart(name.group().codePointAt(0))
                && !name.group().startsWith("_")) {
            throw failure("a name cannot start with this character");
        }
        add(Kind.NAME, name.group(), name.end());
    }

    private void number() {
        boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
        Matcher decimal = DECIMAL.matcher(source).region(position, source.length());
        if (!afterDot && decimal.lookingAt()) {
            add(Kind.NUMBER, Double.parseDouble(decimal.group().replace("_", "")), decimal.end());
            return;
        }
        Matcher integer = INTEGER.matcher(source).region(position, source.length());
        if (!integer.lookingAt()) {
            throw failure("this is not a number");
        }
        add(Kind.NUMBER, integer(integer.group().replace("_", "").toLowerCase(Locale.ROOT)), integer.end());
    }

    private static Object integer(String digits) {
        int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : digits.startsWith("0b") ? 2 : 10;
        return Numbers.integer(new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw failure("a string is not closed");
        }
        try {
            add(Kind.STRING, StringLiteral.unescaped(source.substring(position + 1, end)), end + 1);
        } catch (IllegalArgumentException e) {
            throw failure("a string has an escape that is not complete");
        }
    }

    private void sign(Deque<Character> open) {
        for (String sign : SIGNS) {
            if (source.startsWith(sign, position)) {
                balance(sign, open);
                add(Kind.SIGN, sign, position + sign.length());
                return;
            }
        }
        throw failure("unexpected character");
    }

    private void balance(String sign, Deque<Character> open) {
        switch (sign) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                char expected = open.isEmpty() ? ' ' : open.pop();
                if (expected != sign.charAt(0)) {
                    throw failure("unexpected '" + sign + "'"
                            + (expected == ' ' ? "" : ", '" + expected + "' is to come first"));
                }
            }
            default -> {
                // no bracket
            }
        }
    }

    private void add(Kind kind, Object value, int end) {
        tokens.add(new Token(kind, value, line));
        countLines(end);
        position = end;
    }

    private void skipSpace() {
        int end = position;
        while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
            end++;
        }
        countLines(end);
        position = end;
    }

    private void countLines(int end) {
        for (int i = position; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
    }

    private TemplateException failure(String reason) {
        return new TemplateException(TemplateException.Kind.SYNTAX, line, reason);
    }
}
