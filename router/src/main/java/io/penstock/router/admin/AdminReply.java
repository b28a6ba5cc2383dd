package io.penstock.router.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * An answer of the admin port. Threading: immutable; the body is owned by whoever holds the reply.
 *
 * @param status the HTTP status
 * @param contentType the media type
 * @param body the body
 */
public record AdminReply(int status, String contentType, ByteBuf body) {

    /** A line of plain text. */
    static AdminReply text(int status, String line) {
        return new AdminReply(
                status,
                "text/plain; charset=utf-8",
                Unpooled.wrappedBuffer((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** A JSON document. */
    static AdminReply json(int status, String document) {
        return new AdminReply(
                status, "application/json", Unpooled.wrappedBuffer((document + "\n").getBytes(StandardCharsets.UTF_8)));
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
