package io.penstock.router.tokenize.jinja;

import java.time.Duration;

/**
 * How far a rendering may go.
 *
 * <p>Threading: immutable.
 *
 * @param steps statements run, items walked, functions called
 * @param written characters made by all operations together, those of texts that are thrown away included
 * @param output characters of the result
 * @param depth macros and recursive loops within one another
 * @param time from the start to the end
 */
public record Bounds(long steps, long written, int output, int depth, Duration time) {

    /** Far beyond any conversation a model can take. */
    public static Bounds usual() {
        return new Bounds(20_000_000, 512L << 20, 128 << 20, 150, Duration.ofSeconds(20));
    }
}
