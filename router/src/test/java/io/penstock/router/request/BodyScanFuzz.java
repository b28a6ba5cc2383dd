package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.Arrays;
import java.util.List;

/** Fuzz target: a body in pieces is read as the same body in one, and is refused or read, nothing else. Threading: pure function. */
public final class BodyScanFuzz {

    private static final BodyFields FIELDS = BodyFields.of(List.of("user", "metadata.session_id"));

    private BodyScanFuzz() {}

    /** Called by Jazzer and by {@link FuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = read(Unpooled.wrappedBuffer(input));
        for (int split = 1; split < input.length; split += 1 + input.length / 32) {
            String cut = read(Unpooled.wrappedBuffer(
                    Arrays.copyOf(input, split), Arrays.copyOfRange(input, split, input.length)));
            if (!cut.equals(whole)) {
                throw new IllegalStateException("cut at " + split + " it is " + cut + ", whole it is " + whole);
            }
        }
    }

    private static String read(ByteBuf body) {
        try {
            InferenceRequest request = InferenceRequest.ofJson(body, FIELDS);
            return request.model() + " " + request.stream() + " " + request.session(FIELDS.slot("user")) + " "
                    + request.session(FIELDS.slot("metadata.session_id"));
        } catch (ProxyFailure refused) {
            return refused.message();
        } finally {
            body.release();
        }
    }
}
