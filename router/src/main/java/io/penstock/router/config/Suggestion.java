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

    /** How many characters were inserted, dropped, changed or swapped with their neighbour. */
    private static int distance(String a, String b) {
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                table[i][j] = Math.min(i, j) == 0 ? i + j : step(table, a, b, i, j);
            }
        }
        return table[a.length()][b.length()];
    }

    private static int step(int[][] table, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        int change = table[i - 1][j - 1] + (same ? 0 : 1);
        int insertOrDrop = 1 + Math.min(table[i - 1][j], table[i][j - 1]);
        int swap = swapped ? 1 + table[i - 2][j - 2] : Integer.MAX_VALUE;
        return Math.min(swap, Math.min(change, insertOrDrop));
    }
}
