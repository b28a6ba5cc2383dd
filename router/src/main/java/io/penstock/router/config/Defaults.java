package io.penstock.router.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** The values of keys that are left out: the declared default, read just as if it stood in the file. Threading: immutable. */
final class Defaults {

    private Defaults() {}

    /** The default of a key that is not required. */
    static @Nullable Object of(ConfigKey key) {
        String written = key.key().defaultsTo();
        if (key.nullable() && (written.isEmpty() || written.equals("~"))) {
            return null;
        }
        if (written.isEmpty() && key.shape() instanceof Shape.Section section) {
            return bind(section, "");
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
