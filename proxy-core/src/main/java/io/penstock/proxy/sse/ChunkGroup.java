package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Chunks of one choice that become one. At most one kind of text is in a group, so that what a client shows in the order of arrival
 * stays in that order. Threading: confined to one joining.
 */
final class ChunkGroup {

    private static final int FIRST_ROOM = 8;

    private final ChunkShape shape;
    private final int stride;
    private int[] found;
    private int members;
    private int saying;
    private int firstStart;
    private int firstEnd;

    ChunkGroup(ChunkShape shape) {
        this.shape = shape;
        this.stride = 2 * shape.parts();
        this.found = new int[FIRST_ROOM * stride];
    }

    int choice() {
        return shape.choice();
    }

    int members() {
        return members;
    }

    /** Takes an event in if it may be joined with those that are here. */
    boolean takes(byte[] bytes, int start, int end) {
        int into = members * stride;
        if (into == found.length) {
            found = Arrays.copyOf(found, 2 * into);
        }
        if (!shape.find(bytes, start, end, found, into)) {
            return false;
        }
        int both = saying | shape.saying(found, into);
        if (Integer.bitCount(both) > 1) {
            return false;
        }
        if (members == 0) {
            firstStart = start;
            firstEnd = end;
        }
        saying = both;
        members++;
        return true;
    }

    /** Writes all of it as one event; one that is alone as it came. */
    void writeTo(ByteBuf out, byte[] bytes) {
        if (members == 1) {
            out.writeBytes(bytes, firstStart, firstEnd - firstStart);
            return;
        }
        for (int i = 0; i <= shape.parts(); i++) {
            out.writeBytes(shape.event(), shape.fixedStart(i), shape.fixedEnd(i) - shape.fixedStart(i));
            if (i < shape.parts()) {
                writePart(i, out, bytes);
            }
        }
    }

    private void writePart(int part, ByteBuf out, byte[] bytes) {
        switch (shape.part(part)) {
            case TEXT -> writeTexts(part, out, bytes);
            case LIST -> writeElements(part, out, bytes);
            case LAST -> write(part, members - 1, out, bytes);
            case FIRST -> write(part, 0, out, bytes);
        }
    }

    private void writeTexts(int part, ByteBuf out, byte[] bytes) {
        for (int member = 0; member < members; member++) {
            write(part, member, out, bytes);
        }
    }

    private void writeElements(int part, ByteBuf out, byte[] bytes) {
        boolean first = true;
        for (int member = 0; member < members; member++) {
            if (!JsonBytes.isBlank(bytes, from(part, member), to(part, member))) {
                if (!first) {
                    out.writeByte(',');
                }
                first = false;
                write(part, member, out, bytes);
            }
        }
    }

    private void write(int part, int member, ByteBuf out, byte[] bytes) {
        out.writeBytes(bytes, from(part, member), to(part, member) - from(part, member));
    }

    private int from(int part, int member) {
        return found[member * stride + 2 * part];
    }

    private int to(int part, int member) {
        return found[member * stride + 2 * part + 1];
    }
}
