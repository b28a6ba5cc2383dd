package io.penstock.router.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The entries of one YAML map by key, each key once. Threading: confined to one load. */
final class Entries {

    /** One entry. */
    record Entry(Position keyPosition, Node value) {}

    private Entries() {}

    /** The entries in the order of the file; a repeated key is reported where it is repeated, and left out. */
    static Map<String, Entry> of(MappingNode map, String path, Findings findings) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Position at = Position.of(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                findings.report(path, at, "a key must be plain text, not a list or a map");
                continue;
            }
            Entry earlier = entries.putIfAbsent(key.getValue(), new Entry(at, tuple.getValueNode()));
            if (earlier != null) {
                int line = earlier.keyPosition().line();
                findings.report(child(path, key.getValue()), at, "is written twice; the first is on line " + line);
            }
        }
        return entries;
    }

    /** The path of a key within a section. */
    static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
