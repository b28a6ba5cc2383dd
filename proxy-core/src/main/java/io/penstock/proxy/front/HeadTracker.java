package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Follows the frames in a client's bytes before they are decoded, only to know whether a header section has begun and is
 * incomplete (RFC 9113, section 4.3). While it is, no other frame may come. Threading: loop-confined.
 */
@LoopConfined
final class HeadTracker {

    private static final int LENGTH_BYTES = 3;
    private static final int TYPE = 3;
    private static final int FLAGS = 4;
    private static final int END_HEADERS = 4;

    private int headerBytes;
    private int length;
    private int type;
    private int flags;
    private int rest = Http2CodecUtil.connectionPrefaceBuf().readableBytes();
    private boolean open;
    private long heads;

    /** These bytes came. */
    void received(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (rest > 0) {
                int step = Math.min(rest, end - at);
                rest -= step;
                at += step;
            } else {
                field(bytes.getUnsignedByte(at));
                at++;
            }
            if (rest == 0 && headerBytes == Http2CodecUtil.FRAME_HEADER_LENGTH) {
                frameOver();
            }
        }
    }

    private void field(int value) {
        if (headerBytes < LENGTH_BYTES) {
            length = length << 8 | value;
        } else if (headerBytes == TYPE) {
            type = value;
        } else if (headerBytes == FLAGS) {
            flags = value;
        }
        headerBytes++;
        if (headerBytes == Http2CodecUtil.FRAME_HEADER_LENGTH) {
            rest = length;
            open |= isHead();
        }
    }

    private boolean isHead() {
        return type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION;
    }

    private void frameOver() {
        headerBytes = 0;
        length = 0;
        if (isHead() && (flags & END_HEADERS) != 0) {
            open = false;
            heads++;
        }
    }

    /** True while a part of a header section is there, and not all of it. */
    boolean isWithinHead() {
        return open;
    }

    /** How many header sections were complete. */
    long heads() {
        return heads;
    }
}
