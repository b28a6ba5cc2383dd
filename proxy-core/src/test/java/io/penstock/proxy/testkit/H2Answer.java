package io.penstock.proxy.testkit;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What came back on one HTTP/2 stream. Threading: one thread at a time. */
public final class H2Answer {

    private final List<Http2Headers> heads = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private boolean ended;
    private int reset = -1;

    void head(Http2Headers fields) {
        heads.add(fields);
    }

    void take(H2Frame frame) {
        if (frame.type() == H2Frame.DATA) {
            body.writeBytes(frame.payload());
        } else if (frame.type() == H2Frame.RST_STREAM) {
            reset = frame.intAt(0);
        }
        ended |= frame.endsStream();
    }

    boolean isOver() {
        return ended || reset >= 0;
    }

    /** The status of the head, 0 if none came. */
    public int status() {
        return heads.isEmpty()
                ? 0
                : Integer.parseInt(String.valueOf(heads.get(0).status()));
    }

    /** The value of a field of the head, or "". */
    public String value(String name) {
        return heads.isEmpty()
                ? ""
                : Objects.requireNonNullElse(heads.get(0).get(name), "").toString();
    }

    /** The value of a field of the last header section, or "". */
    public String trailer(String name) {
        return Objects.requireNonNullElse(heads.get(heads.size() - 1).get(name), "")
                .toString();
    }

    /** The body as UTF-8. */
    public String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** The body. */
    public byte[] bytes() {
        return body.toByteArray();
    }

    /** The code of the RST_STREAM that ended it, or -1. */
    public int reset() {
        return reset;
    }
}
