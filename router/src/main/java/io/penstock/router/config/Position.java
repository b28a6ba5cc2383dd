package io.penstock.router.config;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;

/**
 * A place in a configuration file. Threading: immutable.
 *
 * @param line counted from 1
 * @param column counted from 1 in characters
 */
record Position(int line, int column) {

    /** Where a file begins; stands for a place that is not known better. */
    static final Position START = new Position(1, 1);

    static Position of(@Nullable Mark mark) {
        return mark == null ? START : new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
