package io.penstock.router.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values that stand in for refused ones, so that the rest of a tree can still be checked. A tree that holds one is never
 * handed out: {@link Findings#sound} tells checks to leave it alone, and the load fails in the end. Threading: immutable.
 */
final class Blank {

    private static final Map<Class<?>, Object> SCALARS = Map.of(
            String.class,
            "",
            int.class,
            0,
            long.class,
            0L,
            double.class,
            0.0,
            boolean.class,
            false,
            Duration.class,
            Duration.ZERO,
            ByteSize.class,
            new ByteSize(0));

    private Blank() {}

    static Object of(Shape shape) {
        if (shape instanceof Shape.Section section) {
            return Sections.make(section.type(), Blank::orNull);
        }
        if (shape instanceof Shape.Scalar scalar) {
            Class<?> type = scalar.type();
            return type.isEnum() ? type.getEnumConstants()[0] : Objects.requireNonNull(SCALARS.get(type));
        }
        return shape instanceof Shape.Items ? List.of() : Map.of();
    }

    private static @Nullable Object orNull(ConfigKey key) {
        return key.nullable() ? null : of(key.shape());
    }
}
