package io.penstock.proxy.sse;

import io.penstock.proxy.sse.ChunkGrammar.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one event by {@link ChunkGrammar} into a {@link ChunkShape}. What the grammar does not say is not understood, and so is a
 * field that is there twice, a name with escapes, any blank but a space, and an event of more than one line of data. Threading:
 * confined to one reading.
 */
final class ChunkReader {

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final Set<String> TYPES = Set.of("chat.completion.chunk", "text_completion");
    private static final int MAX_PARTS = Integer.SIZE;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final List<ChunkPart> parts = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private int at;
    private int choice = -1;
    private boolean typed;

    private ChunkReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.at = start;
    }

    /** The shape of the event at these bytes, blank line included; null if it must not be joined with others. */
    static @Nullable ChunkShape read(byte[] bytes, int start, int end) {
        ChunkReader reader = new ChunkReader(bytes, start, end);
        return reader.event() ? reader.shape() : null;
    }

    private @Nullable ChunkShape shape() {
        boolean known = typed && choice >= 0 && parts.contains(ChunkPart.TEXT) && parts.size() <= MAX_PARTS;
        return known ? ChunkShape.of(bytes, start, end, choice, parts, positions) : null;
    }

    private boolean event() {
        for (byte b : DATA) {
            if (at == end || bytes[at++] != b) {
                return false;
            }
        }
        return object(ChunkGrammar.chunk()) && isBlankLine();
    }

    private boolean isBlankLine() {
        String rest = text(at, end);
        return rest.equals("\n\n") || rest.equals("\r\n\r\n") || rest.equals("\r\r");
    }

    private boolean object(Field object) {
        if (!eat('{')) {
            return false;
        }
        if (eat('}')) {
            return true;
        }
        Set<String> seen = new HashSet<>();
        do {
            String name = name();
            if (name == null || !seen.add(name) || !eat(':') || !value(object.field(name))) {
                return false;
            }
        } while (eat(','));
        return eat('}');
    }

    private @Nullable String name() {
        if (!eat('"')) {
            return null;
        }
        int close = JsonBytes.endOfString(bytes, at, end);
        if (close < 0) {
            return null;
        }
        String name = text(at, close);
        at = close + 1;
        return name.indexOf('\\') < 0 ? name : null;
    }

    private boolean value(@Nullable Field field) {
        skipBlanks();
        if (eatNull()) {
            return true;
        }
        if (field == null) {
            return false;
        }
        return switch (field.kind()) {
            case SAME -> same();
            case EMPTY -> eat('"') && eatByte('"');
            case CHOICE -> number();
            case TYPE -> type();
            case TEXT -> string(ChunkPart.TEXT);
            case FIRST -> string(ChunkPart.FIRST);
            case LIST -> container(ChunkPart.LIST, '[');
            case LAST -> container(ChunkPart.LAST, '{');
            case OBJECT -> object(field);
            case ONE -> eat('[') && object(field) && eat(']');
            case AT_MOST_ONE -> eat('[') && (eat(']') || (object(field) && eat(']')));
        };
    }

    private boolean eatNull() {
        int close = JsonBytes.endOfScalar(bytes, at, end);
        boolean isNull = close - at == 4 && text(at, close).equals("null");
        at = isNull ? close : at;
        return isNull;
    }

    private boolean same() {
        if (eatByte('"')) {
            at = JsonBytes.endOfString(bytes, at, end) + 1;
            return at > 0;
        }
        int from = at;
        at = JsonBytes.endOfScalar(bytes, at, end);
        return at > from;
    }

    private boolean number() {
        int close = JsonBytes.endOfScalar(bytes, at, end);
        try {
            choice = Integer.parseInt(text(at, close));
        } catch (NumberFormatException e) {
            return false;
        }
        at = close;
        return choice >= 0;
    }

    private boolean type() {
        String type = name();
        typed = type != null && TYPES.contains(type);
        return typed;
    }

    private boolean string(ChunkPart part) {
        if (!eatByte('"')) {
            return false;
        }
        return part(part, JsonBytes.endOfString(bytes, at, end));
    }

    private boolean container(ChunkPart part, char bracket) {
        if (!eatByte(bracket)) {
            return false;
        }
        return part(part, JsonBytes.endOfContainer(bytes, at, end));
    }

    private boolean part(ChunkPart part, int close) {
        if (close < 0) {
            return false;
        }
        parts.add(part);
        positions.add(at - start);
        positions.add(close - start);
        at = close + 1;
        return true;
    }

    private boolean eat(char wanted) {
        skipBlanks();
        return eatByte(wanted);
    }

    private boolean eatByte(char wanted) {
        boolean there = at < end && bytes[at] == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (at < end && bytes[at] == ' ') {
            at++;
        }
    }

    private String text(int from, int to) {
        return new String(bytes, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
    }
}
