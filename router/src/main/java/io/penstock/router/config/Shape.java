package io.penstock.router.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What kind of value a key takes, read once from its Java type. Threading: immutable. */
sealed interface Shape {

    /** The types of plain values, besides enums. */
    Set<Class<?>> SCALARS =
            Set.of(String.class, int.class, long.class, double.class, boolean.class, Duration.class, ByteSize.class);

    /** One plain value. */
    record Scalar(Class<?> type) implements Shape {}

    /** A list. */
    record Items(Shape element) implements Shape {}

    /** A map of text to text with names of the operator's own choice. */
    record TextMap() implements Shape {}

    /** A map with the keys of a record. */
    record Section(Class<? extends Record> type) implements Shape {

        private String keys() {
            List<String> names =
                    ConfigKey.of(type).stream().map(ConfigKey::name).toList();
            return (names.size() == 1 ? "the key " : "the keys ") + String.join(", ", names);
        }
    }

    /** The shape of a record component's type; any other type in the tree is a defect. */
    static Shape of(Type type) {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class) {
                return new Items(of(generic.getActualTypeArguments()[0]));
            }
            if (generic.getRawType() == Map.class) {
                return new TextMap();
            }
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("no configuration key can have the type " + type);
        }
        if (plain.isEnum() || SCALARS.contains(plain)) {
            return new Scalar(plain);
        }
        return new Section(plain.asSubclass(Record.class));
    }

    /** The kind of value in an operator's words, as messages and {@code docs/configuration.md} name it. */
    default String words() {
        if (this instanceof Items items) {
            return "list of "
                    + (items.element() instanceof Section
                            ? "sections"
                            : items.element().words());
        }
        if (this instanceof Section) {
            return "section";
        }
        return this instanceof Scalar scalar ? words(scalar.type()) : "map of text to text";
    }

    /** What a message says the key needs. */
    default String need() {
        if (this instanceof Section section) {
            return "a section with " + section.keys();
        }
        if (this instanceof Items items && items.element() instanceof Section section) {
            Shorthand shorthand = section.type().getAnnotation(Shorthand.class);
            String alone = shorthand == null ? "" : ", or of " + shorthand.value() + " alone";
            return "a list of sections with " + section.keys() + alone;
        }
        if (this instanceof Scalar scalar && scalar.type().isEnum()) {
            return "one of " + words();
        }
        boolean uncounted = words().equals("text") || words().equals("true or false");
        return uncounted ? words() : "a " + words();
    }

    private static String words(Class<?> type) {
        if (type.isEnum()) {
            return EnumNames.list(type);
        }
        if (type == int.class || type == long.class) {
            return "whole number";
        }
        if (type == double.class) {
            return "number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "duration";
        }
        return type == ByteSize.class ? "size" : "text";
    }
}
