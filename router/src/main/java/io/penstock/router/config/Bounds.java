package io.penstock.router.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The allowed range of a key, as its {@link Key} declares it. Threading: immutable. */
final class Bounds {

    private Bounds() {}

    /** What is wrong with the value, written {@code text}; empty if it is in range or the key has none. */
    static Optional<String> violation(ConfigKey key, Object value, String text) {
        BigDecimal size = magnitude(value);
        String low = key.key().min();
        String high = key.key().max();
        if (!low.isEmpty() && size.compareTo(bound(key, low)) < 0) {
            return Optional.of(message(key, text, "below the minimum " + low, high, "maximum"));
        }
        if (!high.isEmpty() && size.compareTo(bound(key, high)) > 0) {
            return Optional.of(message(key, text, "above the maximum " + high, low, "minimum"));
        }
        return Optional.empty();
    }

    /** What is wrong with a value that names a file, or files; empty if nothing is. */
    static Optional<String> fileViolation(ConfigKey key, Object value) {
        Stream<?> names = value instanceof Map<?, ?> map ? map.values().stream() : Stream.of(value);
        return key.key().file()
                ? names.map(String::valueOf)
                        .map(FileName::problem)
                        .flatMap(Optional::stream)
                        .findFirst()
                : Optional.empty();
    }

    private static String message(ConfigKey key, String text, String fault, String otherBound, String otherName) {
        if (key.shape() instanceof Shape.Items) {
            return text + " entries are " + fault + " (" + key.key().value() + ")";
        }
        String other = otherBound.isEmpty() ? "" : "; the " + otherName + " is " + otherBound;
        return text + " is " + fault + other + " (" + key.key().value() + ")";
    }

    private static BigDecimal bound(ConfigKey key, String text) {
        Class<?> type = key.shape() instanceof Shape.Scalar scalar ? scalar.type() : int.class;
        if (ScalarReader.read(type, text, true) instanceof Reading.Accepted bound) {
            return magnitude(bound.value());
        }
        throw new IllegalStateException("bound " + text + " of " + key.name() + " is not a value of its type");
    }

    private static BigDecimal magnitude(Object value) {
        if (value instanceof Duration duration) {
            return BigDecimal.valueOf(duration.toMillis());
        }
        if (value instanceof ByteSize size) {
            return BigDecimal.valueOf(size.bytes());
        }
        if (value instanceof List<?> list) {
            return BigDecimal.valueOf(list.size());
        }
        return value instanceof Number number ? new BigDecimal(number.toString()) : BigDecimal.ZERO;
    }
}
