package io.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.router.config.AnyOf;
import io.penstock.router.config.ByteSize;
import io.penstock.router.config.Key;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.Shorthand;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The JSON schema of a configuration, made of the records that declare it: the keys there are, the types and ranges of their
 * values, and which must be given. What Helm's YAML takes for something else than a text is refused where a text is
 * wanted, so that no model {@code 1.10} becomes {@code 1.1}. Threading: immutable.
 */
final class ConfigSchema {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigSchema() {}

    /** The schema of a whole file. */
    static ObjectNode ofFile() {
        return section(RouterConfig.class);
    }

    private static ObjectNode section(Class<?> type) {
        ObjectNode schema = JSON.objectNode();
        ArrayNode types = schema.putArray("type").add("object").add("null");
        schema.put("additionalProperties", false);
        ObjectNode properties = JSON.objectNode();
        ArrayNode required = JSON.arrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.set(component.getName(), key(component));
            if (required(component)) {
                required.add(component.getName());
            }
        }
        if (!required.isEmpty()) {
            types.remove(1);
            schema.set("required", required);
        }
        AnyOf anyOf = type.getAnnotation(AnyOf.class);
        if (anyOf != null) {
            ArrayNode keys = schema.putArray("anyOf");
            Arrays.stream(anyOf.value())
                    .forEach(name -> keys.addObject().putArray("required").add(name));
        }
        Shorthand shorthand = type.getAnnotation(Shorthand.class);
        if (shorthand != null) {
            types.add("string");
            schema.put("pattern", shortForm(properties.path(shorthand.value()).path("enum")));
        }
        schema.set("properties", properties);
        return schema;
    }

    private static String shortForm(JsonNode words) {
        StringBuilder either = new StringBuilder();
        words.forEach(word -> either.append(either.isEmpty() ? "" : "|").append(word.asText()));
        return either.isEmpty() ? "." : "^(" + either + ")$";
    }

    private static ObjectNode key(RecordComponent component) {
        Key key = annotation(component);
        ObjectNode schema = value(component.getGenericType(), key);
        if (nullable(component) && schema.path("enum") instanceof ArrayNode words) {
            words.addNull();
        } else if (nullable(component)) {
            String type = schema.at(schema.path("type").isArray() ? "/type/0" : "/type")
                    .asText();
            schema.putArray("type").add(type).add("null");
        }
        return schema;
    }

    private static ObjectNode value(Type type, Key key) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            ObjectNode list = JSON.objectNode().put("type", "array");
            if (!key.min().isEmpty()) {
                list.put("minItems", Integer.parseInt(key.min()));
            }
            return list.set("items", value(generic.getActualTypeArguments()[0], key));
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            ObjectNode map = JSON.objectNode().put("type", "object");
            return map.set("additionalProperties", text());
        }
        Class<?> plain = (Class<?>) type;
        return plain.isRecord() && plain != ByteSize.class ? section(plain) : scalar(plain, key);
    }

    private static ObjectNode scalar(Class<?> type, Key key) {
        if (type.isEnum()) {
            ArrayNode words = JSON.arrayNode();
            Arrays.stream(type.getEnumConstants())
                    .map(word ->
                            ((Enum<?>) word).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .forEach(words::add);
            return JSON.objectNode().set("enum", words);
        }
        if (type == Duration.class) {
            return written("^[0-9]+(ms|s|m|h)$");
        }
        if (type == ByteSize.class) {
            return written("^[0-9]+(B|KiB|MiB|GiB)$");
        }
        if (type == boolean.class) {
            return JSON.objectNode().put("type", "boolean");
        }
        return type == String.class ? textLike(key) : number(type, key);
    }

    private static ObjectNode text() {
        return JSON.objectNode().put("type", "string").put("minLength", 1);
    }

    private static ObjectNode written(String pattern) {
        return JSON.objectNode().put("type", "string").put("pattern", pattern);
    }

    /** Texts whose defaults are numbers, such as statuses, are written as numbers. */
    private static ObjectNode textLike(Key key) {
        ObjectNode schema = text();
        if (key.defaultsTo().matches("\\[[0-9, ]+]")) {
            schema.putArray("type").add("integer").add("string");
        }
        return schema;
    }

    private static ObjectNode number(Class<?> type, Key key) {
        ObjectNode schema = JSON.objectNode().put("type", type == double.class ? "number" : "integer");
        bound(schema, "minimum", key.min());
        bound(schema, "maximum", key.max());
        return schema;
    }

    private static void bound(ObjectNode schema, String name, String bound) {
        if (!bound.isEmpty()) {
            schema.put(name, new BigDecimal(bound).longValueExact());
        }
    }

    private static boolean required(RecordComponent component) {
        Class<?> type = component.getType();
        if (!annotation(component).defaultsTo().isEmpty() || nullable(component)) {
            return false;
        }
        return !type.isRecord()
                || type == ByteSize.class
                || Arrays.stream(type.getRecordComponents()).anyMatch(ConfigSchema::required);
    }

    private static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Key annotation(RecordComponent component) {
        return Objects.requireNonNull(component.getAnnotation(Key.class), component::toString);
    }
}
