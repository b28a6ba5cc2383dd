package io.penstock.router.tokenize.jinja;

import java.util.Map;

/**
 * What {@code namespace()} gives: the one kind of value that a template changes.
 *
 * <p>Threading: confined to one rendering.
 */
record Namespace(Map<String, Object> attributes) {

    /** Not by content, which would not end where a namespace holds itself. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
