package io.penstock.router.tokenize.jinja;

import java.util.List;

/** What {@code groupby} gives for one key: prints as a tuple of two, and has them by name. Threading: immutable. */
record Group(Object grouper, List<Object> list) {

    Tuple tuple() {
        return Tuple.of(grouper, list);
    }
}
