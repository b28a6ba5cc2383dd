package io.penstock.proxy.testkit;

import java.nio.charset.StandardCharsets;

/**
 * One whole request as an engine received it. Threading: immutable.
 *
 * @param connection which connection it came on, counted from 1
 * @param head its head; HTTP/2 requests are shown with an HTTP/1.1 request line
 * @param bytes its body, the transfer coding undone
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record ReceivedRequest(int connection, WireHead head, byte[] bytes) {

    /** The body as UTF-8. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
