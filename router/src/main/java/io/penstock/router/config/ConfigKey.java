package io.penstock.router.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One key of a section, read from the record that declares it. Threading: immutable.
 *
 * @param name the key as written in YAML
 * @param shape the kind of value it takes
 * @param key its meaning, default and bounds
 * @param nullable true if it may be {@code ~} for "not set"
 * @param component the record component that declares it
 */
record ConfigKey(String name, Shape shape, Key key, boolean nullable, RecordComponent component) {

    /** Facts about classes, read once: reflection over annotations is what a load would spend its time on. */
    private static final ClassValue<List<ConfigKey>> KEYS = new ClassValue<>() {
        @Override
        protected List<ConfigKey> computeValue(Class<?> section) {
            return Arrays.stream(section.getRecordComponents())
                    .map(ConfigKey::of)
                    .toList();
        }
    };

    /** The keys of a section, in their order. */
    static List<ConfigKey> of(Class<? extends Record> section) {
        return KEYS.get(section);
    }

    private static ConfigKey of(RecordComponent component) {
        return new ConfigKey(
                component.getName(),
                Shape.of(component.getGenericType()),
                Objects.requireNonNull(component.getAnnotation(Key.class), component::toString),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                component);
    }

    /** True if the key must be written: it has no default, and no section of defaults to stand in for it. */
    boolean required() {
        if (!key.defaultsTo().isEmpty() || nullable) {
            return false;
        }
        return !(shape instanceof Shape.Section section)
                || of(section.type()).stream().anyMatch(ConfigKey::required);
    }

    /** The key's value in a section. */
    @Nullable
    Object valueIn(Record section) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
