package io.penstock.router.tokenize.jinja;

import java.util.List;

/** Python's tuple. Threading: immutable. */
record Tuple(List<Object> items) {

    static Tuple of(Object... items) {
        return new Tuple(List.of(items));
    }
}
