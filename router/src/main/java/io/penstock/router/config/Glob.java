package io.penstock.router.config;

/**
 * A pattern of the configuration: exact, or with {@code *} for any run of characters, slashes included. Case counts.
 * Matching takes time in proportion to text times pattern at worst. Threading: immutable.
 */
public final class Glob {

    private final String pattern;
    private final int firstStar;

    /** Reads a pattern. */
    public Glob(String pattern) {
        this.pattern = pattern;
        this.firstStar = pattern.indexOf('*');
    }

    /** True if it takes one text only. */
    public boolean isExact() {
        return firstStar < 0;
    }

    /** True for the pattern that takes everything. */
    public boolean matchesAll() {
        return pattern.equals("*");
    }

    /** As it was written. */
    public String pattern() {
        return pattern;
    }

    /** True if it takes this text. */
    public boolean matches(String text) {
        if (isExact()) {
            return pattern.equals(text);
        }
        return text.regionMatches(0, pattern, 0, firstStar) && matchesFromStar(text);
    }

    /** Greedy with one place to fall back to: a later star makes earlier choices irrelevant. */
    private boolean matchesFromStar(String text) {
        int t = firstStar;
        int p = firstStar;
        int star = firstStar;
        int starText = firstStar;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starText = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else {
                p = star + 1;
                t = ++starText;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
