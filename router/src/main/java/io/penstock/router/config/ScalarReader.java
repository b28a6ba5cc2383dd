package io.penstock.router.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads one written value as the type its key wants. It goes by the text alone and never by what a YAML version would
 * guess it to be: {@code no}, {@code 1e3}, {@code 0x10} and {@code 12:30} are text, and {@code 010} is refused as a
 * number because YAML 1.1 reads 8 and YAML 1.2 reads 10. Threading: immutable.
 */
final class ScalarReader {

    private static final Pattern WHOLE = Pattern.compile("[-+]?(0|[1-9][0-9]{0,17})");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?");
    private static final Pattern LEADING_ZERO = Pattern.compile("[-+]?0[0-9_]+");
    private static final int LONGEST_ECHO = 60;

    private ScalarReader() {}

    /**
     * Reads {@code text}. For an {@code int} too large to be one it gives a {@link Long}, which the key's {@link Bounds}
     * then refuse with the allowed range.
     *
     * @param plain false if the text stood in quotes, which numbers and booleans may not
     */
    static Reading read(Class<?> type, String text, boolean plain) {
        if (type == String.class) {
            return string(text);
        }
        if (type == Duration.class) {
            return quantity(Units.duration(text), "a duration", text, Units.DURATION_FORM);
        }
        if (type == ByteSize.class) {
            return quantity(Units.size(text), "a size", text, Units.SIZE_FORM);
        }
        if (type.isEnum()) {
            return choice(type, text);
        }
        return plain ? unquoted(type, text) : new Reading.Refused(notA(type, text) + "; write it without quotes");
    }

    /** The text as a message may repeat it: in quotes, and not too long. */
    static String echo(String text) {
        return '"' + (text.length() > LONGEST_ECHO ? text.substring(0, LONGEST_ECHO) + "..." : text) + '"';
    }

    private static Reading string(String text) {
        if (text.isBlank()) {
            return new Reading.Refused("must not be empty");
        }
        boolean oneLine = text.codePoints().noneMatch(Character::isISOControl);
        return oneLine
                ? new Reading.Accepted(text)
                : new Reading.Refused("must be one line without control characters");
    }

    private static Reading quantity(Optional<?> value, String kind, String text, String form) {
        return value.<Reading>map(Reading.Accepted::new)
                .orElseGet(() -> new Reading.Refused("needs " + kind + ", found " + echo(text) + "; write " + form));
    }

    private static Reading choice(Class<?> type, String text) {
        return EnumNames.parse(type, text)
                .<Reading>map(Reading.Accepted::new)
                .orElseGet(() -> new Reading.Refused(echo(text) + " is not known; allowed here: " + EnumNames.list(type)
                        + Suggestion.forWord(text, EnumNames.all(type))));
    }

    private static Reading unquoted(Class<?> type, String text) {
        if (type == boolean.class) {
            boolean known = text.equals("true") || text.equals("false");
            return known ? new Reading.Accepted(text.equals("true")) : new Reading.Refused(notA(type, text));
        }
        if (LEADING_ZERO.matcher(text).matches()) {
            return new Reading.Refused(text + " is octal to some YAML readers and decimal to others;"
                    + " write the number without leading zeros");
        }
        if (type == double.class) {
            return DECIMAL.matcher(text).matches()
                    ? new Reading.Accepted(Double.parseDouble(text))
                    : new Reading.Refused(notA(type, text));
        }
        return WHOLE.matcher(text).matches()
                ? new Reading.Accepted(whole(type, Long.parseLong(text)))
                : new Reading.Refused(notA(type, text));
    }

    private static Object whole(Class<?> type, long value) {
        return type == int.class && (int) value == value ? (Object) (int) value : (Object) value;
    }

    private static String notA(Class<?> type, String text) {
        return "needs " + new Shape.Scalar(type).need() + ", found " + echo(text);
    }
}
