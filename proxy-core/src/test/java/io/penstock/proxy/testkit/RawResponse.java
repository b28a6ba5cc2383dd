package io.penstock.proxy.testkit;

import java.nio.charset.StandardCharsets;

/**
 * One whole response as a client read it. Threading: immutable.
 *
 * @param head its head
 * @param bytes its body, the transfer coding undone
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record RawResponse(WireHead head, byte[] bytes) {

    /** The status. */
    public int status() {
        return head.status();
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
