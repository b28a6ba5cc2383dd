package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A place in a request body, and fast ways forward from it: under {@link JsonScan}, above the buffer. Strings and
 * skipped containers are crossed eight bytes at a time, by arithmetic on a {@code long} that finds a wanted byte in it.
 *
 * <p>A heap buffer is read in place. Any other, composite ones included, is read through a window that stays in the
 * processor's first cache, so a token may lie across windows: ranges are positions in the body, never in the window.
 *
 * <p>Threading: confined to one scan. The buffer's indexes are never moved.
 */
final class JsonCursor {

    static final int END = -1;

    private static final int WINDOW = 16 << 10;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    /** All of {@code [ ] { }} become 0x7f when these bits are set; else only {@code Y _ y} and 0x7f do. */
    private static final long BRACKET_BITS = ONES * 0x26;

    private static final long BRACKETS = ONES * 0x7f;

    private final ByteBuf body;
    private final int origin;
    private final int length;
    private final byte[] window;
    private int index;
    private int limit;
    private int base;

    JsonCursor(ByteBuf body) {
        this.body = body;
        this.origin = body.readerIndex();
        this.length = body.readableBytes();
        if (body.hasArray()) {
            this.window = body.array();
            this.index = body.arrayOffset() + origin;
            this.limit = index + length;
            this.base = -index;
        } else {
            this.window = new byte[Math.min(length, WINDOW)];
        }
    }

    /** How far from the body's start. */
    int position() {
        return base + index;
    }

    /** The byte here, or {@link #END}. */
    int peek() {
        return index < limit || refill() ? window[index] & 0xff : END;
    }

    /** Goes one byte on; only after {@link #peek} found one. */
    void advance() {
        index++;
    }

    /** The byte here, one byte further, or {@link #END}. */
    int next() {
        return index < limit || refill() ? window[index++] & 0xff : END;
    }

    /** The first byte that is not white space (RFC 8259, section 2), or {@link #END}. */
    int peekPastSpace() {
        int c = peek();
        while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
            index++;
            c = peek();
        }
        return c;
    }

    /** Goes to the next quote or backslash and returns it, or {@link #END}. */
    int seekQuoteOrBackslash() {
        do {
            byte[] bytes = window;
            int i = index;
            for (int last = limit - Long.BYTES; i <= last; i += Long.BYTES) {
                long word = (long) LONGS.get(bytes, i);
                long hits = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES);
                if (hits != 0) {
                    index = i + (Long.numberOfTrailingZeros(hits) >>> 3);
                    return bytes[index];
                }
            }
            for (; i < limit; i++) {
                if (bytes[i] == '"' || bytes[i] == '\\') {
                    index = i;
                    return bytes[i];
                }
            }
            index = i;
        } while (refill());
        return END;
    }

    /**
     * Goes past the quote that ends the string which begins here; false if none does. It looks for quotes alone and then at
     * the backslashes before each, which are fewer than the escapes in the string.
     */
    boolean skipString() {
        do {
            byte[] bytes = window;
            int i = index;
            while (i < limit) {
                if (i <= limit - Long.BYTES) {
                    long hits = zeroBytes((long) LONGS.get(bytes, i) ^ QUOTES);
                    if (hits == 0) {
                        i += Long.BYTES;
                        continue;
                    }
                    i += Long.numberOfTrailingZeros(hits) >>> 3;
                }
                if (bytes[i] == '"' && !isEscapedAt(i)) {
                    index = i + 1;
                    return true;
                }
                i++;
            }
            index = i;
        } while (refill());
        return false;
    }

    /** A quote is escaped if the backslashes right before it are odd in number; a string's opening quote ends the count. */
    private boolean isEscapedAt(int quote) {
        int backslashes = 0;
        while (byteBefore(quote - backslashes) == '\\') {
            backslashes++;
        }
        return (backslashes & 1) == 1;
    }

    private byte byteBefore(int i) {
        return i > 0 ? window[i - 1] : body.getByte(origin + base + i - 1);
    }

    /** Goes to the next quote or bracket of either kind and returns it, or {@link #END}. */
    int seekQuoteOrBracket() {
        do {
            byte[] bytes = window;
            int i = index;
            while (i < limit) {
                if (i <= limit - Long.BYTES) {
                    long word = (long) LONGS.get(bytes, i);
                    long hits = zeroBytes(word ^ QUOTES) | zeroBytes((word | BRACKET_BITS) ^ BRACKETS);
                    if (hits == 0) {
                        i += Long.BYTES;
                        continue;
                    }
                    i += Long.numberOfTrailingZeros(hits) >>> 3;
                }
                if (isQuoteOrBracket(bytes[i])) {
                    index = i;
                    return bytes[i];
                }
                i++;
            }
            index = i;
        } while (refill());
        return END;
    }

    private static boolean isQuoteOrBracket(byte b) {
        return b == '"' || b == '{' || b == '}' || b == '[' || b == ']';
    }

    /** The high bit of every zero byte; exact for the lowest one, which is the one that counts here. */
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    private boolean refill() {
        int position = base + index;
        int count = Math.min(window.length, length - position);
        if (count <= 0) {
            return false;
        }
        body.getBytes(origin + position, window, 0, count);
        base = position;
        index = 0;
        limit = count;
        return true;
    }
}
