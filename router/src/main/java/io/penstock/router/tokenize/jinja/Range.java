package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's range, with the sandbox's bound on its length. Threading: immutable. */
record Range(long start, long stop, long step) {

    private static final int MOST = 100_000;

    Range {
        if (step == 0) {
            throw TemplateException.runtime("the step of a range cannot be 0");
        }
        if (Math.abs(start) > Integer.MAX_VALUE
                || Math.abs(stop) > Integer.MAX_VALUE
                || Math.abs(step) > Integer.MAX_VALUE) {
            throw TemplateException.runtime("a bound of a range is too large");
        }
        if (length(start, stop, step) > MOST) {
            throw TemplateException.runtime("a range has at most " + MOST + " numbers");
        }
    }

    int length() {
        return (int) length(start, stop, step);
    }

    private static long length(long start, long stop, long step) {
        long span = step > 0 ? stop - start : start - stop;
        return span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    }

    List<Object> numbers() {
        List<Object> numbers = new ArrayList<>(length());
        for (int i = 0; i < length(); i++) {
            numbers.add(start + i * step);
        }
        return numbers;
    }

    /** A part of it, as Python's slices of ranges are ranges. */
    Range slice(int from, int to, int by) {
        return new Range(start + from * step, start + to * step, step * by);
    }
}
