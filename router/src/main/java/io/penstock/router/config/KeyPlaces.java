package io.penstock.router.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The sections in which a key may stand. A key one level too deep or too high is the most common mistake in YAML, and
 * the list of what is allowed does not show it. Threading: any thread.
 */
final class KeyPlaces {

    private static final int MOST_NAMED = 3;

    private KeyPlaces() {}

    /** {@code "; it belongs in x"} for a key of another section, or empty text if no section has it or too many. */
    static String of(String name) {
        List<String> places = new ArrayList<>();
        collect(name, "", RouterConfig.class, places);
        return places.isEmpty() || places.size() > MOST_NAMED
                ? ""
                : "; " + ScalarReader.echo(name) + " belongs " + String.join(" or ", new LinkedHashSet<>(places));
    }

    private static void collect(String name, String path, Class<? extends Record> section, List<String> places) {
        for (ConfigKey key : ConfigKey.of(section)) {
            if (key.name().equals(name)) {
                places.add(path.isEmpty() ? "at the top of the file" : "in " + path);
            }
            String at = Entries.child(path, key.name());
            nested(key.shape())
                    .ifPresent(
                            inner -> collect(name, key.shape() instanceof Shape.Items ? at + "[]" : at, inner, places));
        }
    }

    private static Optional<Class<? extends Record>> nested(Shape shape) {
        if (shape instanceof Shape.Items items) {
            return nested(items.element());
        }
        return shape instanceof Shape.Section section ? Optional.of(section.type()) : Optional.empty();
    }
}
