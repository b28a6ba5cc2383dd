package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Whether a stream that is passed on unread stands between two events, by its last three bytes: behind a blank line, however it
 * was split. Threading: loop-confined.
 */
@LoopConfined
public final class LastBytes {

    private static final int COUNT = 3;

    /** A stream begins as if behind a blank line. */
    private int last = '\n' << 8 | '\n';

    /** These bytes were passed on. */
    public void passed(ByteBuf bytes, int from, int to) {
        if (to - from >= COUNT) {
            last = bytes.getUnsignedMedium(to - COUNT);
        } else {
            for (int at = from; at < to; at++) {
                last = (last << 8 | bytes.getUnsignedByte(at)) & 0xff_ffff;
            }
        }
    }

    /** True if the last line was blank. Lines end with LF, CR or CR LF (WHATWG HTML, server-sent events). */
    public boolean areBetweenEvents() {
        int end = last & 0xff;
        int before = last >>> 8 & 0xff;
        return isLineEnd(end) && isLineEnd(end == '\n' && before == '\r' ? last >>> 16 : before);
    }

    private static boolean isLineEnd(int b) {
        return b == '\n' || b == '\r';
    }
}
