package io.penstock.router.tokenize.jinja;

import io.penstock.proxy.runtime.Ticker;
import java.time.Clock;

/**
 * What one rendering has used of its bounds, and what time it is to it.
 *
 * <p>Threading: confined to one rendering.
 */
final class Rendering {

    /** The clock is read once in so many steps. */
    private static final int STEPS_BETWEEN_READINGS = 1024;

    private final Bounds bounds;
    private final Ticker ticker;
    private final Clock clock;
    private final long start;
    private long steps;
    private long written;
    private int depth;

    Rendering(Bounds bounds, Ticker ticker, Clock clock) {
        this.bounds = bounds;
        this.ticker = ticker;
        this.clock = clock;
        this.start = ticker.nanos();
    }

    Clock clock() {
        return clock;
    }

    void step() {
        steps++;
        if (steps > bounds.steps()) {
            throw limit("more than " + bounds.steps() + " steps");
        }
        if (steps % STEPS_BETWEEN_READINGS == 0
                && ticker.nanos() - start > bounds.time().toNanos()) {
            throw limit("longer than " + bounds.time().toSeconds() + " s");
        }
    }

    /** Counts characters before they are made. */
    void write(long characters) {
        step();
        written += characters;
        if (written > bounds.written()) {
            throw limit("more than " + bounds.written() + " characters written");
        }
    }

    void output(long characters) {
        if (characters > bounds.output()) {
            throw limit("more than " + bounds.output() + " characters of output");
        }
    }

    void enter() {
        depth++;
        if (depth > bounds.depth()) {
            throw limit("more than " + bounds.depth() + " calls within one another");
        }
    }

    void leave() {
        depth--;
    }

    private static TemplateException limit(String reason) {
        return new TemplateException(TemplateException.Kind.LIMIT, 0, reason);
    }
}
