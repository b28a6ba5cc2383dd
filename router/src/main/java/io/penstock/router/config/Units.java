package io.penstock.router.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How durations and sizes are written: a whole number and a unit, without a space. A bare number is refused, as nobody
 * remembers whether it means seconds or milliseconds. Threading: immutable.
 */
public final class Units {

    /** How a duration is written, for messages. */
    public static final String DURATION_FORM = "a whole number and ms, s, m or h, such as 500ms, 2s, 10m or 24h";

    static final String SIZE_FORM = "a whole number and B, KiB, MiB or GiB, such as 512B, 64KiB or 64MiB";

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}|[0-9]{10,12}(?!GiB))(B|KiB|MiB|GiB)");
    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB"};

    private Units() {}

    /** The duration written so, or nothing. */
    public static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }

    static Optional<ByteSize> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(matcher.group(1));
        for (int unit = 0; !SIZE_UNITS[unit].equals(matcher.group(2)); unit++) {
            bytes <<= 10;
        }
        return Optional.of(new ByteSize(bytes));
    }

    /** As it is written in a configuration, in the largest unit that divides it; to the millisecond. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (millis % 60_000 != 0 || millis == 0) {
            return millis / 1000 + "s";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
    }

    /** In the largest unit that divides it. */
    static String text(ByteSize size) {
        long count = size.bytes();
        int unit = 0;
        while (unit < SIZE_UNITS.length - 1 && count != 0 && count % 1024 == 0) {
            count /= 1024;
            unit++;
        }
        return count + SIZE_UNITS[unit];
    }
}
