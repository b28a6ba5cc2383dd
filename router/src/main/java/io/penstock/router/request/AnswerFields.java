package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.request.FieldHits.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a router needs to know of the answer of an engine that only prefilled. Threading: immutable.
 *
 * @param kvTransferParams the object of this name exactly as the engine wrote it, or null if there is none
 * @param isError true if the answer is an error, which engines also send with status 200
 */
public record AnswerFields(@Nullable String kvTransferParams, boolean isError) {

    private static final String PARAMS = "kv_transfer_params";
    private static final String ERROR = "error";
    private static final String OBJECT = "object";
    private static final BodyFields FIELDS = BodyFields.of(List.of(PARAMS, ERROR, OBJECT));

    /**
     * Reads an answer.
     *
     * @throws ProxyFailure if it is no JSON object
     */
    public static AnswerFields of(byte[] body) throws ProxyFailure {
        ByteBuf bytes = Unpooled.wrappedBuffer(body);
        FieldHits hits = JsonScan.scan(bytes, FIELDS);
        String params = container(hits, bytes, FIELDS.slot(PARAMS));
        int object = FIELDS.slot(OBJECT);
        boolean error = container(hits, bytes, FIELDS.slot(ERROR)) != null
                || (hits.kind(object) == Kind.STRING
                        && text(hits, bytes, object).equals("\"error\""));
        return new AnswerFields(params, error);
    }

    private static @Nullable String container(FieldHits hits, ByteBuf body, int slot) {
        return hits.kind(slot) == Kind.CONTAINER && body.getByte(hits.start(slot)) == '{'
                ? text(hits, body, slot)
                : null;
    }

    private static String text(FieldHits hits, ByteBuf body, int slot) {
        ByteRange range = hits.range(slot);
        return body.toString(range.start(), range.length(), StandardCharsets.UTF_8);
    }
}
