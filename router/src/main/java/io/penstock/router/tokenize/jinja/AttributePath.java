package io.penstock.router.tokenize.jinja;

import org.jspecify.annotations.Nullable;

/**
 * The {@code attribute} of filters: names and positions with dots between them.
 *
 * <p>Threading: immutable.
 *
 * @param path null for the item itself
 * @param otherwise taken where the path leads to nothing; none for no such value
 * @param caseless whether texts are compared in lower case
 */
record AttributePath(@Nullable Object path, Object otherwise, boolean caseless) {

    /** @param path as given to the filter: a text, an int or none */
    static AttributePath of(Object path, boolean caseless) {
        return new AttributePath(path instanceof None ? null : path, None.NONE, caseless);
    }

    static AttributePath orElse(Object path, Object otherwise) {
        return new AttributePath(path instanceof None ? null : path, otherwise, false);
    }

    Object from(Object item) {
        Object value = path == null ? item : found(item, path);
        return caseless && Types.isText(value) ? Case.lower(value.toString()) : value;
    }

    private Object found(Object item, Object wanted) {
        if (!Types.isText(wanted)) {
            return orOtherwise(Members.item(item, wanted));
        }
        Object value = item;
        for (String part : wanted.toString().split("\\.", -1)) {
            boolean position =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
            value = orOtherwise(Members.item(value, position ? (Object) Long.parseLong(part) : part));
        }
        return value;
    }

    private Object orOtherwise(Object value) {
        return value instanceof Undefined && !(otherwise instanceof None) ? otherwise : value;
    }
}
