package io.penstock.router.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which allowed word a mistyped one was meant to be. Threading: immutable. */
final class Suggestion {

    private static final int LONGEST = 64;

    private Suggestion() {}

    /** {@code "; did you mean x?"} for the nearest allowed word, or empty text if none is near. */
    static String forWord(String written, Collection<String> allowed) {
        if (written.length() > LONGEST) {
            return "";
        }
        String plain = plain(written);
        return allowed.stream()
                .filter(word -> distance(plain, plain(word)) <= tolerance(word))
                .min(Comparator.comparingInt(word -> distance(plain, plain(word))))
                .map(word -> "; did you mean " + word + "?")
                .orElse("");
    }

    private static int tolerance(String word) {
        return Math.max(1, word.length() / 3);
    }

    private static String plain(String word) {
        return word.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Levenshtein's distance: inserted, dropped or changed characters. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
