package io.penstock.router.request;

import java.util.Arrays;

/**
 * What one scan found: by slot, the range of the value and its kind. A later value replaces an earlier one, and a later
 * object also replaces everything found within an earlier one of the same key, as the engines' parsers do.
 *
 * <p>Threading: confined to the scan, then read-only.
 */
final class FieldHits {

    /** What a found value is. */
    enum Kind {
        ABSENT,
        /** A JSON string without escapes; the range includes the quotes. */
        STRING,
        /** A JSON string with escapes; the range includes the quotes. */
        ESCAPED_STRING,
        /** A number, {@code true}, {@code false} or {@code null}. */
        SCALAR,
        /** An array or an object. */
        CONTAINER,
        /** The content of a form field. */
        TEXT
    }

    private final int[] starts;
    private final int[] ends;
    private final Kind[] kinds;
    private NotedEntries entries = new NotedEntries();

    FieldHits(int slots) {
        this.starts = new int[slots];
        this.ends = new int[slots];
        this.kinds = new Kind[slots];
        Arrays.fill(kinds, Kind.ABSENT);
    }

    void found(int slot, Kind kind, int start, int end) {
        starts[slot] = start;
        ends[slot] = end;
        kinds[slot] = kind;
    }

    /** Forgets what was found for this key and within it. */
    void forget(FieldNode node) {
        if (node.isWanted()) {
            kinds[node.slot()] = Kind.ABSENT;
        }
        for (int n = 0; n < node.children().size(); n++) {
            forget(node.children().get(n));
        }
    }

    /** What the body's own object holds that may have to go. */
    void entries(NotedEntries noted) {
        entries = noted;
    }

    NotedEntries entries() {
        return entries;
    }

    int slots() {
        return kinds.length;
    }

    Kind kind(int slot) {
        return kinds[slot];
    }

    int start(int slot) {
        return starts[slot];
    }

    int end(int slot) {
        return ends[slot];
    }

    ByteRange range(int slot) {
        return new ByteRange(starts[slot], ends[slot]);
    }
}
