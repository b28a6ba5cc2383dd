package io.penstock.router.tokenize.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * C's {@code strftime} in its plain locale, as far as Python passes it on. The date has no time zone to Python, so none is printed.
 *
 * <p>Threading: pure functions.
 */
final class Strftime {

    private Strftime() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < format.length()) {
            char c = format.charAt(at);
            if (c != '%' || at + 1 == format.length()) {
                text.append(c);
                at++;
                continue;
            }
            int code = at + 1;
            char flag = "-_0^#".indexOf(format.charAt(code)) >= 0 ? format.charAt(code++) : ' ';
            String field = code < format.length() ? field(format.charAt(code), time) : null;
            text.append(
                    field == null ? format.substring(at, Math.min(code + 1, format.length())) : flagged(field, flag));
            at = code + 1;
        }
        return text.toString();
    }

    private static String flagged(String field, char flag) {
        return switch (flag) {
            case '-' -> field.replaceFirst("^[0 ]+(?=.)", "");
            case '_' -> field.replaceFirst("^0(?=.)", " ");
            case '0' -> field.replace(' ', '0');
            case '^' -> Case.upper(field);
            case '#' -> Case.swapped(field);
            default -> field;
        };
    }

    private static @Nullable String field(char code, ZonedDateTime time) {
        return switch (code) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'z', 'Z' -> "";
            case 'f' -> "%06d".formatted(time.getNano() / 1000);
            case 's' -> Long.toString(time.toEpochSecond());
            case 'w' -> Integer.toString(time.getDayOfWeek().getValue() % 7);
            case 'u' -> Integer.toString(time.getDayOfWeek().getValue());
            case 'U' -> two((time.getDayOfYear() + 6 - time.getDayOfWeek().getValue() % 7) / 7);
            case 'W' -> two((time.getDayOfYear() + 7 - time.getDayOfWeek().getValue()) / 7);
            case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'C' -> two(time.getYear() / 100);
            case 'e' -> "%2d".formatted(time.getDayOfMonth());
            case 'k' -> "%2d".formatted(time.getHour());
            case 'l' -> "%2d".formatted((time.getHour() + 11) % 12 + 1);
            case 'P' -> pattern("a", time).toLowerCase(Locale.ROOT);
            default -> composed(code, time.truncatedTo(ChronoUnit.SECONDS));
        };
    }

    private static @Nullable String composed(char code, ZonedDateTime time) {
        return switch (code) {
            case 'Y' -> Integer.toString(time.getYear());
            case 'y' -> pattern("uu", time);
            case 'm' -> pattern("MM", time);
            case 'd' -> pattern("dd", time);
            case 'H' -> pattern("HH", time);
            case 'I' -> pattern("hh", time);
            case 'M' -> pattern("mm", time);
            case 'S' -> pattern("ss", time);
            case 'j' -> pattern("DDD", time);
            case 'p' -> pattern("a", time);
            case 'a' -> pattern("EEE", time);
            case 'A' -> pattern("EEEE", time);
            case 'b', 'h' -> pattern("MMM", time);
            case 'B' -> pattern("MMMM", time);
            case 'c' -> format("%a %b %e %H:%M:%S %Y", time);
            case 'D', 'x' -> format("%m/%d/%y", time);
            case 'F' -> format("%Y-%m-%d", time);
            case 'r' -> format("%I:%M:%S %p", time);
            case 'R' -> format("%H:%M", time);
            case 'T', 'X' -> format("%H:%M:%S", time);
            default -> null;
        };
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
    }

    private static String two(int number) {
        return "%02d".formatted(number);
    }
}
