package io.penstock.router.tokenize.jinja;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** The kinds of characters that Python's {@code str.is...} ask for. Threading: immutable. */
enum CharacterKind {
    ALPHA,
    DECIMAL,
    DIGIT,
    NUMERIC,
    ALPHANUMERIC;

    private static final Pattern ASCII_DIGIT = Pattern.compile("[0-9]");

    /** Whether a text has characters, and only of this kind. */
    boolean fills(String text) {
        return !text.isEmpty() && text.codePoints().allMatch(this::has);
    }

    private boolean has(int c) {
        return switch (this) {
            case ALPHA -> Character.isLetter(c);
            case DECIMAL -> Character.isDigit(c);
            case DIGIT -> isDigit(c);
            case NUMERIC -> isNumeric(c);
            case ALPHANUMERIC -> Character.isLetter(c) || isNumeric(c);
        };
    }

    /** Digits in the wider sense: raised, lowered and circled ones too. */
    private static boolean isDigit(int c) {
        return Character.isDigit(c)
                || (Character.getType(c) == Character.OTHER_NUMBER
                        && ASCII_DIGIT
                                .matcher(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC))
                                .matches());
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return Character.isDigit(c)
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || "零〇一二三四五六七八九十百千万亿億".indexOf(c) >= 0;
    }

    /** {@code str.isidentifier}. */
    static boolean isIdentifier(String text) {
        if (text.isEmpty()) {
            return false;
        }
        int first = text.codePointAt(0);
        return (first == '_' || Character.isUnicodeIdentifierStart(first))
                && text.codePoints()
                        .allMatch(c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
    }
}
