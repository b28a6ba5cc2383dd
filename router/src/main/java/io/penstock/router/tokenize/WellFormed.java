package io.penstock.router.tokenize;

/**
 * Text without halves of surrogate pairs, which JSON may hold and UTF-8 cannot. Each is replaced by U+FFFD, as the reference
 * libraries do; left to itself, the native library would take every other character beyond the first plane apart, too.
 * Threading: pure functions.
 */
final class WellFormed {

    private static final char REPLACEMENT = '\ufffd';

    private WellFormed() {}

    /** The text itself, if nothing is wrong with it. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    return mended(text);
                }
                i++;
            }
        }
        return text;
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    private static String mended(String text) {
        StringBuilder mended = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (isPair(text, i)) {
                    i++;
                } else {
                    mended.setCharAt(i, REPLACEMENT);
                }
            }
        }
        return mended.toString();
    }
}
