package io.penstock.router.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How enum values are written in YAML: in lower case, with dashes. Threading: immutable. */
final class EnumNames {

    private EnumNames() {}

    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Object> parse(Class<?> type, String text) {
        return values(type).stream()
                .filter(value -> of(value).equals(text))
                .<Object>map(value -> value)
                .findFirst();
    }

    static List<String> all(Class<?> type) {
        return values(type).stream().map(EnumNames::of).toList();
    }

    static String list(Class<?> type) {
        return String.join(", ", all(type));
    }

    private static List<? extends Enum<?>> values(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(value -> (Enum<?>) value)
                .toList();
    }
}
