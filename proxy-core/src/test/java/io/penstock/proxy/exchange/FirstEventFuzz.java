package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Fuzz target: what is decided on the first bytes of a stream stays so when more of them come. Threading: pure function. */
public final class FirstEventFuzz {

    private FirstEventFuzz() {}

    /** Called by Jazzer and by {@link FuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuf bytes = Unpooled.wrappedBuffer(input);
        FirstEvent.Reading whole = FirstEvent.read(bytes, 0, input.length);
        for (int end = 0; end < input.length; end++) {
            FirstEvent.Reading reading = FirstEvent.read(bytes, 0, end);
            if (reading != FirstEvent.Reading.UNDECIDED && reading != whole) {
                throw new IllegalStateException("after " + end + " bytes it is " + reading + ", then " + whole);
            }
        }
        FirstEvent.isTheEngines(new String(input, StandardCharsets.UTF_8));
    }
}
