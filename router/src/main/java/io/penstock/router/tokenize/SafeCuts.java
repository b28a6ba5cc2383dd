package io.penstock.router.tokenize;

/**
 * Where a text may be cut so that the ids of the parts, one after the other, are the ids of the whole.
 *
 * <p>That holds for byte-level BPE behind one of the known splitting patterns, whose words are encoded each by itself, at a
 * place where a word ends in any text that has these two characters there, and where neither part is split differently
 * without the other:
 *
 * <ul>
 *   <li>between a letter and a blank, tab or line end. Letters are only taken by runs of letters (and by contractions,
 *       whose letters no white space follows within), which end at the first character that is none. The left part ends in
 *       a letter, so no look-ahead over white space is open there; no pattern looks back, so the right part is split as
 *       it would be alone.
 *   <li>where the pattern takes runs of line ends apart from what follows ({@link #LINES}), also between a line feed and a
 *       letter: white space with a line end in it goes up to its last one, which no letter can follow in the same word.
 * </ul>
 *
 * A normalizer of NFC changes nothing about that: neither side of such a cut begins with a character that composes. Which
 * tokenizers keep all this is found by {@link TokenizerFile}.
 *
 * <p>Threading: immutable.
 */
enum SafeCuts {
    /** It is not known where a cut is safe. */
    NOWHERE,
    /** Between a letter and white space. */
    WORDS,
    /** Between a letter and white space, and between a line feed and a letter. */
    LINES;

    /** A text is not cut into pieces smaller than this, but for the last. */
    static final int SMALLEST = 1024;

    /** Where the piece of {@code text} that begins at {@code start} ends: after {@link #SMALLEST} characters, at a safe place. */
    int end(String text, int start) {
        if (this == NOWHERE || text.length() - start <= SMALLEST) {
            return text.length();
        }
        char before = text.charAt(start + SMALLEST - 1);
        for (int i = start + SMALLEST; i < text.length(); i++) {
            char after = text.charAt(i);
            if (isSafe(before, after)) {
                return i;
            }
            before = after;
        }
        return text.length();
    }

    /** True if a text may be cut between these two of its characters; halves of a surrogate pair are no letters. */
    boolean isSafe(char before, char after) {
        return switch (this) {
            case NOWHERE -> false;
            case WORDS -> isSpace(after) && Character.isLetter(before);
            case LINES ->
                (isSpace(after) && Character.isLetter(before)) || (before == '\n' && Character.isLetter(after));
        };
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r';
    }
}
