package io.penstock.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/**
 * The plain part of the chunked transfer coding (RFC 9112, section 7.1): chunks with a size, no extension, and data. Whatever
 * else the coding allows is left to the codec. Threading: pure functions.
 */
public final class ChunkedCoding {

    /** The room that {@link #frame} needs before a chunk's data. */
    public static final int HEAD_BYTES = 10;

    /** The room that it needs before and behind. */
    public static final int FRAME_BYTES = HEAD_BYTES + 2;

    private static final short CR_LF = 0x0d0a;
    private static final int MAX_SIZE_DIGITS = 7;
    private static final String HEX = "0123456789abcdef";

    /** Receives the data of chunks where they lie. */
    @FunctionalInterface
    public interface Receiver {

        /** One chunk's data: {@code bytes} from {@code from} to {@code to}, lent. */
        void data(ByteBuf bytes, int from, int to);
    }

    private ChunkedCoding() {}

    /** The size of the plain chunk whose size line begins at {@code index}; -1 if the line is not plain or not all there. */
    public static int sizeAt(ByteBuf bytes, int index) {
        int limit = Math.min(bytes.writerIndex(), index + MAX_SIZE_DIGITS + 1);
        int size = 0;
        for (int i = index; i < limit; i++) {
            int digit = hexDigit(bytes.getByte(i));
            if (digit < 0) {
                boolean plain = i > index && i + 2 <= bytes.writerIndex() && bytes.getShort(i) == CR_LF;
                return plain ? size : -1;
            }
            size = (size << 4) | digit;
        }
        return -1;
    }

    /** True when {@code bytes} end, after one byte or more, within what may become a plain size line at {@code index}. */
    public static boolean endsWithinSizeLine(ByteBuf bytes, int index) {
        int end = bytes.writerIndex();
        int i = index;
        while (i < end && i < index + MAX_SIZE_DIGITS && hexDigit(bytes.getByte(i)) >= 0) {
            i++;
        }
        boolean lineEnding = i + 1 == end && bytes.getByte(i) == '\r';
        return i > index && (i == end || lineEnding);
    }

    /** How long the size line at {@code index} is, its line end included; only for a line that {@link #sizeAt} accepted. */
    public static int lineLengthAt(ByteBuf bytes, int index) {
        int i = index;
        while (hexDigit(bytes.getByte(i)) >= 0) {
            i++;
        }
        return i + 2 - index;
    }

    /** Where the plain chunk at {@code index} ends if it has data and is all there, otherwise -1. */
    public static int endOfChunkAt(ByteBuf bytes, int index) {
        int size = sizeAt(bytes, index);
        if (size <= 0) {
            return -1;
        }
        int dataEnd = index + lineLengthAt(bytes, index) + size;
        boolean whole = dataEnd + 2 <= bytes.writerIndex() && bytes.getShort(dataEnd) == CR_LF;
        return whole ? dataEnd + 2 : -1;
    }

    /** Hands out the data of whole plain chunks, piece by piece and retained for the receiver, and releases {@code chunks}. */
    public static void unframe(ByteBuf chunks, Consumer<ByteBuf> receiver) {
        try {
            while (chunks.isReadable()) {
                int size = sizeAt(chunks, chunks.readerIndex());
                chunks.skipBytes(lineLengthAt(chunks, chunks.readerIndex()));
                receiver.accept(chunks.readRetainedSlice(size));
                chunks.skipBytes(2);
            }
        } finally {
            chunks.release();
        }
    }

    /** Shows the data of whole plain chunks, in their order and where they lie; {@code chunks} stays as it is. */
    public static void forEachData(ByteBuf chunks, Receiver receiver) {
        int at = chunks.readerIndex();
        while (at < chunks.writerIndex()) {
            int data = at + lineLengthAt(chunks, at);
            int end = data + sizeAt(chunks, at);
            receiver.data(chunks, data, end);
            at = end + 2;
        }
    }

    /**
     * Makes one plain chunk of the readable bytes of {@code data}, in place.
     *
     * @param data not empty, with {@link #HEAD_BYTES} before its reader index, which are overwritten
     */
    public static void frame(ByteBuf data) {
        int size = data.readableBytes();
        int at = data.readerIndex() - 2;
        data.setShort(at, CR_LF);
        for (int rest = size; rest > 0; rest >>>= 4) {
            data.setByte(--at, HEX.charAt(rest & 0xf));
        }
        data.readerIndex(at);
        data.writeShort(CR_LF);
    }

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
