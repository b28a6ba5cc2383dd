package io.penstock.router.simulate;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 250us}, {@code 20ms}, {@code 1.5s}, {@code 0}. Threading: immutable. */
public final class TimeText {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(ns|us|ms|s|m|)");

    private TimeText() {}

    /**
     * Reads a time.
     *
     * @throws IllegalArgumentException if the text is none, or a number other than 0 has no unit
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text.trim());
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no time; write 250us, 20ms, 1.5s");
        }
        double number = Double.parseDouble(form.group(1));
        double nanos = switch (form.group(2)) {
            case "ns" -> 1;
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 0;
        };
        if (nanos == 0 && number != 0) {
            throw new IllegalArgumentException("'" + text + "' has no unit; write 250us, 20ms, 1.5s");
        }
        return Duration.ofNanos(Math.round(number * nanos));
    }
}
