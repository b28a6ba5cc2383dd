package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;

/** Where events end, told from the last bytes of a piece alone (WHATWG HTML, server-sent events). Threading: pure functions. */
public final class EventEnd {

    private static final short LF_LF = 0x0a0a;
    private static final short CR_CR = 0x0d0d;
    private static final int CR_LF_CR_LF = 0x0d0a0d0a;

    private EventEnd() {}

    /** True if the bytes end with a blank line: LF LF, CR CR or CR LF CR LF. */
    public static boolean isAt(ByteBuf bytes, int from, int to) {
        if (to - from < 2) {
            return false;
        }
        short two = bytes.getShort(to - 2);
        return two == LF_LF || two == CR_CR || (to - from >= 4 && bytes.getInt(to - 4) == CR_LF_CR_LF);
    }

    /** True if the bytes end an event and do not begin with a comment. */
    public static boolean isEvent(ByteBuf bytes, int from, int to) {
        return isAt(bytes, from, to) && bytes.getByte(from) != ':';
    }
}
