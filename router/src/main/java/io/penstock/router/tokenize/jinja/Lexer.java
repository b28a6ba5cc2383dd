package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with the white space around tags taken away as {@code trim_blocks}, {@code lstrip_blocks} and the signs
 * {@code -} and {@code +} say.
 *
 * <p>Threading: confined to the call of {@link #tokens}.
 */
final class Lexer {

    private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-?)%}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}", Pattern.UNICODE_CHARACTER_CLASS);

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private final TagLexer tags;
    private int position;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
        this.tags = new TagLexer(source, tokens);
    }

    /** All tokens of a template; the last one is {@link Kind#END}, or {@link Kind#BROKEN} where the template could not be read on. */
    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        try {
            while (lexer.position < lexer.source.length()) {
                lexer.next();
            }
            lexer.tokens.add(new Token(Kind.END, "", lexer.lastLine()));
        } catch (TemplateException e) {
            lexer.tokens.add(new Token(Kind.BROKEN, e, e.line()));
        }
        return lexer.tokens;
    }

    private int lastLine() {
        return tokens.isEmpty() ? 1 : tokens.get(tokens.size() - 1).line();
    }

    private void next() {
        int opener = opener(position);
        if (opener < 0) {
            text(source.substring(position));
            advance(source.length());
            return;
        }
        String before = source.substring(position, opener);
        char mark = source.charAt(opener + 1);
        Matcher raw = RAW.matcher(source).region(opener, source.length());
        char sign = opener + 2 < source.length() ? source.charAt(opener + 2) : ' ';
        text(stripped(before, sign, mark != '{'));
        advance(opener);
        if (mark == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        boolean signed = sign == '-' || sign == '+';
        advance(opener + (signed ? 3 : 2));
        switch (mark) {
            case '#' -> comment();
            case '%' -> tag(Kind.TAG_BEGIN, Kind.TAG_END, opener);
            default -> tag(Kind.PRINT_BEGIN, Kind.PRINT_END, opener);
        }
    }

    private int opener(int from) {
        for (int at = source.indexOf('{', from);
                at >= 0 && at + 1 < source.length();
                at = source.indexOf('{', at + 1)) {
            char next = source.charAt(at + 1);
            if (next == '{' || next == '%' || next == '#') {
                return at;
            }
        }
        return -1;
    }

    private void tag(Kind begin, Kind end, int opener) {
        tokens.add(new Token(begin, source.substring(opener, opener + 2), line));
        int closer = tags.scan(position, line, begin == Kind.TAG_BEGIN);
        advance(closer);
        if (closer == source.length()) {
            return;
        }
        char sign = source.charAt(closer);
        boolean signed = sign == '-' || (sign == '+' && begin == Kind.TAG_BEGIN);
        tokens.add(new Token(end, begin == Kind.TAG_BEGIN ? "%}" : "}}", line));
        closed(closer + (signed ? 3 : 2), sign, begin == Kind.TAG_BEGIN);
    }

    private void comment() {
        int closer = source.indexOf("#}", position);
        if (closer < 0 && position == source.length()) {
            return;
        }
        if (closer < 0) {
            throw new TemplateException(TemplateException.Kind.SYNTAX, line, "a comment is not closed with '#}'");
        }
        char sign = closer > position ? source.charAt(closer - 1) : ' ';
        closed(closer + 2, sign, true);
    }

    private void raw(Matcher begin) {
        closed(begin.end(), begin.group(2).isEmpty() ? ' ' : '-', false);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) {
            throw new TemplateException(TemplateException.Kind.SYNTAX, line, "'raw' is not closed with 'endraw'");
        }
        String sign = end.group(1);
        text(stripped(source.substring(position, end.start()), sign.isEmpty() ? ' ' : sign.charAt(0), true));
        closed(end.end(), end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    /** Goes past the end of a tag, and past the white space that its sign or {@code trim_blocks} takes away. */
    private void closed(int after, char sign, boolean trimsNewline) {
        int end = after;
        if (sign == '-') {
            while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
                end++;
            }
        } else if (trimsNewline && sign != '+' && end < source.length() && source.charAt(end) == '\n') {
            end++;
        }
        advance(end);
    }

    /** The text before a tag without what the tag's sign or {@code lstrip_blocks} takes away. */
    private String stripped(String text, char sign, boolean block) {
        if (sign == '-') {
            return PythonText.stripEnd(text);
        }
        if (sign != '+' && block) {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || lineStarts) && PythonText.isSpace(text.substring(lineStart))) {
                return text.substring(0, lineStart);
            }
        }
        return text;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, text, line));
        }
    }

    private void advance(int to) {
        for (int i = position; i < to; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        if (to > position) {
            lineStarts = source.charAt(to - 1) == '\n';
        }
        position = to;
    }
}
