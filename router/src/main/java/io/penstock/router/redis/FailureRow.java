package io.penstock.router.redis;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many requests one after the other got no answer. Those that were under way together count once: a pause of a few milliseconds
 * lets all of them wait in vain. Threading: any thread, without locks.
 */
final class FailureRow {

    private static final Row NONE = new Row(0, 0);

    private final AtomicReference<Row> row = new AtomicReference<>(NONE);

    /** So many, the last of which was seen at that time. */
    private record Row(int length, long at) {

        boolean isNewFor(long began) {
            return length == 0 || began - at >= 0;
        }
    }

    private Row now() {
        return Objects.requireNonNull(row.get());
    }

    /** An answer ends the row. */
    void end() {
        if (now().length() > 0) {
            row.set(NONE);
        }
    }

    /**
     * A request got no answer.
     *
     * @param began when it began to wait
     * @param now in nanoseconds, as {@code began}
     * @param longest how many are too many
     * @return true if it is the one that makes them too many; then a new row begins
     */
    boolean isTooLong(long began, long now, int longest) {
        Row before = now();
        if (!before.isNewFor(began)) {
            return false;
        }
        boolean full = before.length() + 1 >= longest;
        return row.compareAndSet(before, full ? NONE : new Row(before.length() + 1, now)) && full;
    }
}
