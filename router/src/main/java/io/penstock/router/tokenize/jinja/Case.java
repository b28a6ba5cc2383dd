package io.penstock.router.tokenize.jinja;

import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Upper and lower case as Python has them, whatever the locale.
 *
 * <p>Threading: pure functions.
 */
final class Case {

    private Case() {}

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static boolean isUpper(String text) {
        return isOnly(text, Character::isUpperCase);
    }

    static boolean isLower(String text) {
        return isOnly(text, Character::isLowerCase);
    }

    private static boolean isOnly(String text, IntPredicate wanted) {
        return text.codePoints().anyMatch(Case::isCased)
                && text.codePoints().filter(Case::isCased).allMatch(wanted);
    }

    /** {@code str.swapcase}. */
    static String swapped(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        text.codePoints()
                .mapToObj(c -> Character.isUpperCase(c) ? lower(Character.toString(c)) : upper(Character.toString(c)))
                .forEach(swapped::append);
        return swapped.toString();
    }
}
