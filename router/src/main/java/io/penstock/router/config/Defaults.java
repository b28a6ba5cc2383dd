package io.penstock.router.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** The values of keys that are left out: the declared default, read just as if it stood in the file. Threading: immutable. */
final class Defaults {

    /** Facts about classes, read once for each section. */
    private static final ClassValue<Map<String, @Nullable Object>> BY_NAME = new ClassValue<>() {
        @Override
        protected Map<String, @Nullable Object> computeValue(Class<?> section) {
            Map<String, @Nullable Object> defaults = new HashMap<>();
            ConfigKey.of(section.asSubclass(Record.class)).stream()
                    .filter(key -> !key.required())
                    .forEach(key -> defaults.put(key.name(), read(key)));
            return Collections.unmodifiableMap(defaults);
        }
    };

    private Defaults() {}

    /** The default of a key that is not required. */
    static @Nullable Object of(ConfigKey key) {
        return BY_NAME.get(key.component().getDeclaringRecord()).get(key.name());
    }

    private static @Nullable Object read(ConfigKey key) {
        String written = key.key().defaultsTo();
        if (key.nullable() && (written.isEmpty() || written.equals("~"))) {
            return null;
        }
        return bind(key.shape(), written);
    }

    private static Object bind(Shape shape, String written) {
        Findings findings = new Findings();
        Optional<Node> node = YamlText.root(written, findings);
        Object value =
                node.map(root -> new Binder(findings).bind(shape, root, "")).orElse("");
        List<ConfigProblem> problems = findings.problems();
        if (!problems.isEmpty()) {
            throw new IllegalStateException("the declared default " + written + " is refused: " + problems);
        }
        return value;
    }
}
