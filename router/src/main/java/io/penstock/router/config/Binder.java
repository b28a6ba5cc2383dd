package io.penstock.router.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Binds a YAML node tree to the records of the configuration tree, by the records' own declaration. Every problem is
 * reported at its line and column, and binding goes on past it with a {@link Blank}, so that one load finds all of them.
 * Threading: confined to one load.
 */
final class Binder {

    private final Findings findings;

    Binder(Findings findings) {
        this.findings = findings;
    }

    private @Nullable Object value(ConfigKey key, Node node, String path) {
        if (key.nullable() && isNull(node)) {
            findings.place(path, Position.of(node.getStartMark()));
            return null;
        }
        Object value = bind(key.shape(), node, path);
        if (!findings.sound(path)) {
            return value;
        }
        String text = node instanceof ScalarNode scalar ? scalar.getValue() : String.valueOf(sizeOf(value));
        Optional<String> violation = Bounds.violation(key, value, text).or(() -> Bounds.fileViolation(key, value));
        if (violation.isPresent()) {
            return refuse(key.shape(), node, path, violation.get());
        }
        return value;
    }

    /** The value written as {@code node}; a {@link Blank} if it was refused. Bounds are the caller's to check. */
    Object bind(Shape shape, Node node, String path) {
        findings.place(path, Position.of(node.getStartMark()));
        if (isNull(node)) {
            return refuse(shape, node, path, "has no value; to take the default, leave the whole key out");
        }
        if (shape instanceof Shape.Scalar scalar && node instanceof ScalarNode written) {
            return scalar(scalar, written, path);
        }
        if (shape instanceof Shape.Items items && node instanceof SequenceNode written) {
            return items(items, written, path);
        }
        if (shape instanceof Shape.TextMap && node instanceof MappingNode written) {
            return texts(written, path);
        }
        if (shape instanceof Shape.Section section) {
            Optional<Map<String, Entries.Entry>> written = written(section.type(), node, path);
            if (written.isPresent()) {
                return section(section.type(), written.get(), node, path);
            }
        }
        return refuse(shape, node, path, "needs " + shape.need() + ", found " + found(node));
    }

    private Object scalar(Shape.Scalar shape, ScalarNode node, String path) {
        Reading reading = ScalarReader.read(shape.type(), node.getValue(), node.isPlain());
        if (reading instanceof Reading.Refused refused) {
            return refuse(shape, node, path, refused.message());
        }
        return ((Reading.Accepted) reading).value();
    }

    private List<Object> items(Shape.Items shape, SequenceNode node, String path) {
        List<Object> values = new ArrayList<>();
        for (Node item : node.getValue()) {
            values.add(bind(shape.element(), item, path + "[" + values.size() + "]"));
        }
        return Collections.unmodifiableList(values);
    }

    private Map<String, Object> texts(MappingNode node, String path) {
        Map<String, Object> values = new LinkedHashMap<>();
        Entries.of(node, path, findings).forEach((key, entry) -> {
            String at = Entries.child(path, key);
            values.put(key, bind(new Shape.Scalar(String.class), entry.value(), at));
        });
        return Collections.unmodifiableMap(values);
    }

    private Optional<Map<String, Entries.Entry>> written(Class<?> type, Node node, String path) {
        if (node instanceof MappingNode map) {
            return Optional.of(Entries.of(map, path, findings));
        }
        Shorthand shorthand = type.getAnnotation(Shorthand.class);
        if (shorthand == null || !(node instanceof ScalarNode)) {
            return Optional.empty();
        }
        return Optional.of(Map.of(shorthand.value(), new Entries.Entry(Position.of(node.getStartMark()), node)));
    }

    private Record section(Class<? extends Record> type, Map<String, Entries.Entry> written, Node node, String path) {
        List<String> allowed = ConfigKey.of(type).stream().map(ConfigKey::name).toList();
        written.forEach((name, entry) -> {
            if (!allowed.contains(name)) {
                unknown(name, entry, allowed, path);
            }
        });
        return Sections.make(type, key -> {
            Entries.Entry entry = written.get(key.name());
            String at = Entries.child(path, key.name());
            return entry == null ? absent(key, node, at) : value(key, entry.value(), at);
        });
    }

    private void unknown(String name, Entries.Entry entry, List<String> allowed, String path) {
        String message = "unknown key; allowed here: " + String.join(", ", allowed);
        String near = Suggestion.forWord(name, allowed);
        String hint = near.isEmpty() ? KeyPlaces.of(name) : near;
        findings.report(Entries.child(path, name), entry.keyPosition(), message + hint);
    }

    private @Nullable Object absent(ConfigKey key, Node section, String path) {
        return key.required()
                ? refuse(key.shape(), section, path, "is required: " + key.key().value())
                : Defaults.of(key);
    }

    private Object refuse(Shape shape, Node node, String path, String message) {
        findings.refuse(path, Position.of(node.getStartMark()), message);
        return Blank.of(shape);
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int sizeOf(Object value) {
        return value instanceof List<?> list ? list.size() : 0;
    }

    private static String found(Node node) {
        if (node instanceof ScalarNode scalar) {
            return ScalarReader.echo(scalar.getValue());
        }
        return node instanceof SequenceNode ? "a list" : "a map";
    }
}
