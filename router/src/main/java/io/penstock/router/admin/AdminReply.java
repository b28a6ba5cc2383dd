package io.penstock.router.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the admin port. Threading: immutable; the body is owned by whoever holds the reply.
 *
 * @param status the HTTP status
 * @param contentType the media type
 * @param body the body, or how it begins
 * @param headers further header fields
 * @param watchers who takes the connection over after the body, which does not end then; or null
 */
public record AdminReply(
        int status,
        String contentType,
        ByteBuf body,
        Map<String, String> headers,
        @Nullable Watchers watchers) {

    /** A browser that loses the stream asks again after two seconds. */
    private static final String AGAIN = "retry: 2000\n\n";

    /** An answer without further header fields. */
    AdminReply(int status, String contentType, ByteBuf body) {
        this(status, contentType, body, Map.of(), null);
    }

    /** An event stream, or a refusal if too many watch already. */
    static AdminReply events(Watchers watchers) {
        return watchers.full()
                ? error(503, "too_many_watchers", Watchers.MAX + " watch the status page already, which is the limit")
                : new AdminReply(200, "text/event-stream", text(AGAIN), Map.of(), watchers);
    }

    /** A line of plain text. */
    static AdminReply text(int status, String line) {
        return new AdminReply(status, "text/plain; charset=utf-8", text(line + "\n"));
    }

    /** A JSON document. */
    static AdminReply json(int status, String document) {
        return new AdminReply(status, "application/json", text(document + "\n"));
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** An error, shaped as those of the data port. */
    static AdminReply error(int status, String code, String message) {
        return json(status, Json.write(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeStringField("message", message);
            json.writeStringField("type", status < 500 ? "invalid_request_error" : "server_error");
            json.writeNullField("param");
            json.writeStringField("code", code);
            json.writeEndObject();
            json.writeEndObject();
        }));
    }
}
