package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the chunks of {@code /v1/chat/completions} and {@code /v1/completions}: those of one choice that differ only in a text, in
 * arrays of log probabilities or token ids and in running totals become one. Everything else goes through byte for byte and in its
 * place, and nothing is moved across it: finish reasons, the beginnings of tool calls, changes of role, errors, usage,
 * {@code [DONE]}, comments, other APIs, whatever is unknown. Chunks of different choices may change places with each other between
 * two of those.
 *
 * <p>Values are never decoded: texts are joined as they are written, escapes, halves of surrogate pairs and bytes that are no UTF-8
 * included, and numbers keep their digits. It remembers the shapes of a stream's chunks, so that few of them are parsed.
 *
 * <p>Threading: loop-confined; one for each stream.
 */
@LoopConfined
public final class ChunkMerger implements EventJoiner {

    /** More choices than this take turns. */
    private static final int MAX_SHAPES = 8;

    private static final int FIRST_ROOM = 2 << 10;
    private static final byte[] NOTHING = {};

    private final List<ChunkShape> shapes = new ArrayList<>(2);
    private final List<ChunkGroup> open = new ArrayList<>(2);
    private byte[] kept = NOTHING;
    private int length;
    private int[] probe = new int[16];
    private int oldest;

    /** Joins the chunks of one stream. */
    public ChunkMerger() {}

    @Override
    public void add(ByteBuf bytes, int from, int to, EventClass what, ByteBuf out) {
        boolean mayJoin = what == EventClass.CONTENT || what == EventClass.EMPTY;
        if (!mayJoin || !keeps(bytes, from, to, out)) {
            settle(out);
            out.writeBytes(bytes, from, to - from);
        }
    }

    private boolean keeps(ByteBuf bytes, int from, int to, ByteBuf out) {
        int start = length;
        int end = start + to - from;
        if (end > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(end, Math.max(FIRST_ROOM, 2 * kept.length)));
        }
        bytes.getBytes(from, kept, start, to - from);
        boolean keeps = joins(start, end) || begins(start, end, out);
        length += keeps ? to - from : 0;
        return keeps;
    }

    private boolean joins(int start, int end) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).takes(kept, start, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean begins(int start, int end, ByteBuf out) {
        ChunkShape shape = shapeOf(start, end);
        if (shape == null) {
            return false;
        }
        int at = start;
        if (open.size() == MAX_SHAPES || isOpen(shape.choice())) {
            settle(out);
            System.arraycopy(kept, start, kept, 0, end - start);
            at = 0;
        }
        ChunkGroup group = new ChunkGroup(shape);
        boolean begins = group.takes(kept, at, at + end - start);
        if (begins) {
            open.add(group);
        }
        return begins;
    }

    private @Nullable ChunkShape shapeOf(int start, int end) {
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).find(kept, start, end, probe, 0)) {
                return shapes.get(i);
            }
        }
        ChunkShape read = ChunkReader.read(kept, start, end);
        if (read != null) {
            remember(read);
        }
        return read;
    }

    private void remember(ChunkShape shape) {
        if (probe.length < 2 * shape.parts()) {
            probe = new int[2 * shape.parts()];
        }
        if (shapes.size() < MAX_SHAPES) {
            shapes.add(shape);
        } else {
            shapes.set(oldest, shape);
            oldest = (oldest + 1) % MAX_SHAPES;
        }
    }

    private boolean isOpen(int choice) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).choice() == choice) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void settle(ByteBuf out) {
        // what is joined is never longer, and memory that runs out must not leave a half behind
        out.ensureWritable(length);
        for (int i = 0; i < open.size(); i++) {
            open.get(i).writeTo(out, kept);
        }
        open.clear();
        length = 0;
    }

    @Override
    public int keptBytes() {
        return length;
    }

    @Override
    public void release() {
        open.clear();
        kept = NOTHING;
        length = 0;
    }
}
