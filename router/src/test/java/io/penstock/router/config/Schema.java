package io.penstock.router.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every section of the configuration by its path, such as {@code pools[].policy}, in the order of declaration. */
final class Schema {

    private Schema() {}

    static Map<String, Class<? extends Record>> sections() {
        Map<String, Class<? extends Record>> sections = new LinkedHashMap<>();
        collect("", RouterConfig.class, sections);
        return sections;
    }

    static List<ConfigKey> keys() {
        return sections().values().stream()
                .flatMap(section -> ConfigKey.of(section).stream())
                .toList();
    }

    private static void collect(
            String path, Class<? extends Record> type, Map<String, Class<? extends Record>> sections) {
        if (sections.containsValue(type)) {
            return; // documented where it stands first
        }
        sections.put(path, type);
        for (ConfigKey key : ConfigKey.of(type)) {
            String at = Entries.child(path, key.name());
            nested(key.shape())
                    .forEach(
                            section -> collect(key.shape() instanceof Shape.Items ? at + "[]" : at, section, sections));
        }
    }

    private static Stream<Class<? extends Record>> nested(Shape shape) {
        if (shape instanceof Shape.Items items) {
            return nested(items.element());
        }
        return shape instanceof Shape.Section section ? Stream.of(section.type()) : Stream.empty();
    }
}
