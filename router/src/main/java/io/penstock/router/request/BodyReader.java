package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses by the headers how a body is read: as JSON, as a form, or not at all. Threading: immutable; reads on any
 * thread.
 */
public final class BodyReader {

    private static final int MAX_BOUNDARY = 70;

    private final BodyFields fields;

    /** Reads for these fields. */
    public BodyReader(BodyFields fields) {
        this.fields = fields;
    }

    /**
     * Reads a request's body. A body that claims to be JSON, or claims nothing, must be a JSON object. One of another
     * type is read as JSON only if it is (curl calls everything a form), and is otherwise left to the engine. A
     * compressed body is left to the engine.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} for a body that should be JSON and is not
     */
    public InferenceRequest read(HttpHeaders headers, ByteBuf body) throws ProxyFailure {
        if (!body.isReadable() || isCompressed(headers)) {
            return InferenceRequest.opaque();
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null || isJson(type)) {
            return InferenceRequest.ofJson(body, fields);
        }
        String boundary = boundary(type);
        return boundary == null ? perhapsJson(body) : InferenceRequest.ofForm(body, boundary, fields);
    }

    private InferenceRequest perhapsJson(ByteBuf body) {
        try {
            return InferenceRequest.ofJson(body, fields);
        } catch (ProxyFailure notJson) {
            return InferenceRequest.opaque();
        }
    }

    private static boolean isCompressed(HttpHeaders headers) {
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        return encoding != null && !HttpHeaderValues.IDENTITY.contentEqualsIgnoreCase(encoding.strip());
    }

    /** {@code application/json} and every type with the suffix {@code +json} (RFC 6839). */
    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        String essence = (end < 0 ? type : type.substring(0, end)).strip();
        return essence.equalsIgnoreCase("application/json")
                || essence.toLowerCase(Locale.ROOT).endsWith("+json");
    }

    private static @Nullable String boundary(String type) {
        if (!type.regionMatches(true, 0, "multipart/form-data", 0, "multipart/form-data".length())) {
            return null;
        }
        String boundary = FormScan.parameter(type, "boundary");
        return boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY ? null : boundary;
    }
}
