package io.penstock.router.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the records of the configuration tree from the values of their keys. Threading: any thread. */
final class Sections {

    private Sections() {}

    /** A section with the value that {@code values} gives for each of its keys. */
    static Record make(Class<? extends Record> type, Function<ConfigKey, @Nullable Object> values) {
        List<ConfigKey> keys = ConfigKey.of(type);
        @Nullable Object[] arguments = new @Nullable Object[keys.size()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = values.apply(keys.get(i));
        }
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }
}
