package io.penstock.proxy.sse;

import java.util.Arrays;
import java.util.List;

/**
 * One chunk as a form with blanks to fill in: the values that may be joined, and around them the bytes that must be the same in
 * every chunk that is joined with it, id, model, choice, role, tool call and layout among them. Another chunk of a stream is
 * compared and taken apart by it without being parsed. Threading: immutable.
 */
final class ChunkShape {

    private final byte[] event;
    private final int choice;
    private final ChunkPart[] parts;
    private final int[] positions;

    private ChunkShape(byte[] event, int choice, ChunkPart[] parts, int[] positions) {
        this.event = event;
        this.choice = choice;
        this.parts = parts;
        this.positions = positions;
    }

    /**
     * The shape of an event.
     *
     * @param choice which choice it belongs to
     * @param parts the values that may be joined, in the order they stand
     * @param positions two for each: its first byte and one past its last, without quotes or brackets, counted from {@code start}
     */
    static ChunkShape of(byte[] bytes, int start, int end, int choice, List<ChunkPart> parts, List<Integer> positions) {
        return new ChunkShape(
                Arrays.copyOfRange(bytes, start, end),
                choice,
                parts.toArray(ChunkPart[]::new),
                positions.stream().mapToInt(Integer::intValue).toArray());
    }

    int choice() {
        return choice;
    }

    int parts() {
        return parts.length;
    }

    ChunkPart part(int i) {
        return parts[i];
    }

    /** Where the bytes before a value begin; {@code parts()} for those after the last. */
    int fixedStart(int i) {
        return i == 0 ? 0 : positions[2 * i - 1];
    }

    /** One past the bytes before a value. */
    int fixedEnd(int i) {
        return i == parts.length ? event.length : positions[2 * i];
    }

    byte[] event() {
        return event;
    }

    /**
     * Finds the values in an event that differs from this one in nothing else; false if it differs in more, or the values are not
     * what they are here.
     *
     * @param found receives two positions for each value, from {@code into} on
     */
    boolean find(byte[] bytes, int start, int end, int[] found, int into) {
        int at = start;
        for (int i = 0; i < parts.length; i++) {
            int from = afterFixed(i, bytes, at, end);
            int to = from < 0 ? -1 : endOfPart(parts[i], bytes, from, end);
            if (to < 0) {
                return false;
            }
            found[into + 2 * i] = from;
            found[into + 2 * i + 1] = to;
            at = to;
        }
        return afterFixed(parts.length, bytes, at, end) == end;
    }

    private int afterFixed(int i, byte[] bytes, int at, int end) {
        int from = fixedStart(i);
        int to = fixedEnd(i);
        int after = at + to - from;
        return after <= end && Arrays.equals(event, from, to, bytes, at, after) ? after : -1;
    }

    private static int endOfPart(ChunkPart part, byte[] bytes, int from, int end) {
        return switch (part) {
            case TEXT, FIRST -> JsonBytes.endOfString(bytes, from, end);
            case LIST, LAST -> JsonBytes.endOfContainer(bytes, from, end);
        };
    }

    /** Which of the texts found are not empty, one bit for each. */
    int saying(int[] found, int from) {
        int saying = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean says = parts[i] == ChunkPart.TEXT && found[from + 2 * i] < found[from + 2 * i + 1];
            saying |= says ? 1 << i : 0;
        }
        return saying;
    }
}
