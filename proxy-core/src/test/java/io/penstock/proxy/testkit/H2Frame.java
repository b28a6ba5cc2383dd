package io.penstock.proxy.testkit;

import java.nio.ByteBuffer;

/**
 * One HTTP/2 frame (RFC 9113, section 4.1). Threading: immutable.
 *
 * @param type its type
 * @param flags its flags
 * @param stream its stream
 * @param payload what it carries
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record H2Frame(int type, int flags, int stream, byte[] payload) {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    /** The bytes on the wire. */
    public byte[] bytes() {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** True for DATA and HEADERS with END_STREAM. */
    public boolean endsStream() {
        return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** The 32 bits at an offset of the payload. */
    public int intAt(int offset) {
        return ByteBuffer.wrap(payload).getInt(offset);
    }
}
