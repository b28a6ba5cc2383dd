package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Finds the ends of events in a stream that comes in pieces split anywhere: a blank line, after lines that end with LF, CR or
 * CR LF, mixed or not (WHATWG HTML, server-sent events, section 9.2.6). It reads the pieces where they lie, copies nothing, and
 * remembers between them in which place of a line it stands. Where a CR ends an event and an LF that belongs to it comes later,
 * that LF is the first byte of the next event. Threading: loop-confined.
 */
@LoopConfined
public final class EventScanner {

    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long LFS = '\n' * EACH_BYTE;
    private static final long CRS = '\r' * EACH_BYTE;
    private static final long LOW_BITS = 0x7f * EACH_BYTE;

    private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};

    private boolean lineBegins = true;
    private boolean afterCr;
    private boolean withinEvent;
    private boolean withinComment;
    private boolean commented;
    private int markBytes;

    /**
     * Where the event ends that {@code from} is in: the index behind its blank line, or -1 if it does not end before {@code to}.
     * Called for each piece with {@code from} at its beginning, and again from there on as long as events end in it.
     */
    public int next(ByteBuf bytes, int from, int to) {
        int at = markBytes < BYTE_ORDER_MARK.length ? skipByteOrderMark(bytes, from, to) : from;
        while (at < to) {
            byte first = bytes.getByte(at);
            if (afterCr) {
                afterCr = false;
                if (first == '\n') {
                    at++;
                    continue;
                }
            }
            if (lineBegins && (first == '\n' || first == '\r')) {
                return endOfEvent(bytes, at, to, first);
            }
            at = endOfLine(bytes, at, to, first);
        }
        return -1;
    }

    private int skipByteOrderMark(ByteBuf bytes, int from, int to) {
        int at = from;
        while (at < to && markBytes < BYTE_ORDER_MARK.length) {
            if (bytes.getUnsignedByte(at) != BYTE_ORDER_MARK[markBytes]) {
                lineBegins = markBytes == 0;
                withinEvent = markBytes > 0;
                markBytes = BYTE_ORDER_MARK.length;
                return at;
            }
            markBytes++;
            at++;
        }
        return at;
    }

    private int endOfEvent(ByteBuf bytes, int at, int to, byte lineEnd) {
        withinEvent = false;
        commented = false;
        int end = at + 1;
        if (lineEnd == '\r') {
            if (end == to) {
                afterCr = true;
            } else if (bytes.getByte(end) == '\n') {
                end++;
            }
        }
        return end;
    }

    private int endOfLine(ByteBuf bytes, int at, int to, byte first) {
        if (lineBegins) {
            lineBegins = false;
            withinEvent = true;
            withinComment = first == ':';
        }
        int end = lineEnd(bytes, at, to);
        if (end == to) {
            return to;
        }
        lineBegins = true;
        afterCr = bytes.getByte(end) == '\r';
        commented |= withinComment;
        withinComment = false;
        return end + 1;
    }

    /** Where the first LF or CR is, or {@code to}: eight bytes at a time. */
    private static int lineEnd(ByteBuf bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long word = bytes.getLong(at);
            long found = zeroBytes(word ^ LFS) | zeroBytes(word ^ CRS);
            if (found != 0) {
                return at + (Long.numberOfLeadingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes.getByte(at) != '\n' && bytes.getByte(at) != '\r') {
            at++;
        }
        return at;
    }

    /** The highest bit of each byte that is zero, and no other bit. */
    private static long zeroBytes(long word) {
        return ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS);
    }

    /** True if an event has begun and not ended: nothing may be put into the stream here. */
    public boolean isWithinEvent() {
        return withinEvent || (markBytes > 0 && markBytes < BYTE_ORDER_MARK.length);
    }

    /** True if these bytes begin with the LF of the CR LF that ended the last event, whose CR came before. */
    public boolean isRestOfLineEnd(ByteBuf bytes, int from, int to) {
        return afterCr && lineBegins && !withinEvent && from < to && bytes.getByte(from) == '\n';
    }

    /** True if the event that has begun has a whole comment line, which is for somebody who waits. */
    public boolean hasComment() {
        return commented;
    }
}
