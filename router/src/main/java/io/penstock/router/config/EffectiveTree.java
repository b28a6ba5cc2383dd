package io.penstock.router.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Prints a configuration with every key, defaults included, as YAML that loads to an equal configuration. Threading:
 * confined to one call.
 */
public final class EffectiveTree {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/_.]([A-Za-z0-9/_.*-]|:(?=[^\\s]))*");

    private final StringBuilder out = new StringBuilder();
    private final Resolver resolver = new Resolver();

    private EffectiveTree() {}

    /** The whole tree, ending in a line feed. */
    public static String of(RouterConfig config) {
        EffectiveTree tree = new EffectiveTree();
        tree.section(config, "", "");
        return tree.out.toString();
    }

    /** Prints the keys of a section, the first one after {@code lead} and the others after {@code indent}. */
    private void section(Record section, String lead, String indent) {
        String before = lead;
        for (ConfigKey key : ConfigKey.of(section.getClass())) {
            out.append(before).append(key.name()).append(':');
            value(key.valueIn(section), indent + "  ");
            before = indent;
        }
    }

    private void value(@Nullable Object value, String indent) {
        if (value instanceof Record section && !(value instanceof ByteSize)) {
            out.append('\n');
            section(section, indent, indent);
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Record) {
            out.append('\n');
            list.forEach(item -> section((Record) item, indent + "- ", indent + "  "));
        } else {
            out.append(' ').append(inline(value)).append('\n');
        }
    }

    private String inline(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(this::inline).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> inline(entry.getKey()) + ": " + inline(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value == null ? "~" : scalar(value);
    }

    private String scalar(Object value) {
        if (value instanceof Duration duration) {
            return Units.text(duration);
        }
        if (value instanceof ByteSize size) {
            return Units.text(size);
        }
        if (value instanceof Enum<?> choice) {
            return EnumNames.of(choice);
        }
        return value instanceof String text ? text(text) : decimal(value);
    }

    /** Numbers without an exponent, which the loader does not take. */
    private static String decimal(Object value) {
        return value instanceof Double number ? new BigDecimal(number.toString()).toPlainString() : value.toString();
    }

    /** In quotes wherever some YAML reader could take it for anything but this text. */
    private String text(String text) {
        boolean plain = PLAIN.matcher(text).matches()
                && resolver.resolve(NodeId.scalar, text, true).equals(Tag.STR);
        return plain ? text : quoted(text);
    }

    /** The text as a double-quoted YAML scalar. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            if (character == '"' || character == '\\') {
                quoted.append('\\').appendCodePoint(character);
            } else if (Character.isISOControl(character)) {
                quoted.append(String.format("\\u%04x", character));
            } else {
                quoted.appendCodePoint(character);
            }
        });
        return quoted.append('"').toString();
    }
}
