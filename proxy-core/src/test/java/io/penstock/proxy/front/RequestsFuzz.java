package io.penstock.proxy.front;

import java.util.Arrays;

/** Fuzz target: the decoder of requests and the framing guard see the same however the bytes are cut. Threading: pure function. */
public final class RequestsFuzz {

    private RequestsFuzz() {}

    /** Called by Jazzer and by {@link FuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = SplitRequestsTest.seen(input);
        for (int split = 1; split < input.length; split += 1 + input.length / 8) {
            String cut =
                    SplitRequestsTest.seen(Arrays.copyOf(input, split), Arrays.copyOfRange(input, split, input.length));
            if (!cut.equals(whole)) {
                throw new IllegalStateException("cut at " + split + " it is " + cut + ", whole it is " + whole);
            }
        }
    }
}
