package io.penstock.proxy.failure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/**
 * The one place that turns a failure into bytes: a JSON body while no head was sent, a server-sent event after it. Requests to
 * {@code /v1/messages} get the Anthropic shape, all others the OpenAI shape. Threading: pure functions.
 */
public final class FailureResponse {

    private static final String MESSAGES_PATH = "/v1/messages";

    private FailureResponse() {}

    /** The response head for a failure whose {@link #body} has so many bytes. */
    public static HttpResponse head(ProxyFailure failure, int bodyBytes) {
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(bodyBytes));
        if (failure.retryAfterSeconds() > 0) {
            headers.set(HttpHeaderNames.RETRY_AFTER, Integer.toString(failure.retryAfterSeconds()));
        }
        if (failure.kind() == FailureKind.UNAUTHORIZED) {
            headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"); // RFC 9110, section 15.5.2
        }
        if (failure.kind() == FailureKind.METHOD_NOT_ALLOWED) {
            // required even when nothing is allowed (RFC 9110, section 15.5.6)
            headers.set(HttpHeaderNames.ALLOW, failure.allow());
        }
        return new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(failure.kind().status()), headers);
    }

    /** The JSON body. */
    public static ByteBuf body(ProxyFailure failure, String path) {
        return Unpooled.copiedBuffer(json(failure, path), StandardCharsets.UTF_8);
    }

    /** One server-sent event that tells a client in the middle of a stream what happened. */
    public static ByteBuf event(ProxyFailure failure, String path) {
        String name = path.startsWith(MESSAGES_PATH) ? "event: error\n" : "";
        return Unpooled.copiedBuffer(name + "data: " + json(failure, path) + "\n\n", StandardCharsets.UTF_8);
    }

    private static String json(ProxyFailure failure, String path) {
        FailureKind kind = failure.kind();
        if (path.startsWith(MESSAGES_PATH)) {
            return "{\"type\":\"error\",\"error\":{\"type\":" + quoted(anthropicType(kind)) + ",\"message\":"
                    + quoted(failure.message()) + "}}";
        }
        return "{\"error\":{\"message\":" + quoted(failure.message()) + ",\"type\":" + quoted(kind.type())
                + ",\"param\":" + param(kind, path) + ",\"code\":" + quoted(code(kind)) + "}}";
    }

    /** The field that is wrong, as JSON. */
    private static String param(FailureKind kind, String path) {
        return switch (kind) {
            case MODEL_NOT_FOUND -> "\"model\"";
            case CONTEXT_LENGTH_EXCEEDED -> path.startsWith("/v1/chat/") ? "\"messages\"" : "\"prompt\"";
            default -> "null";
        };
    }

    private static String code(FailureKind kind) {
        return switch (kind) {
            case OVERLOADED, RATE_LIMITED -> "rate_limit_exceeded";
            case UNAUTHORIZED -> "invalid_api_key";
            default -> kind.label();
        };
    }

    private static String anthropicType(FailureKind kind) {
        return switch (kind) {
            case UNAUTHORIZED -> "authentication_error";
            case FORBIDDEN -> "permission_error";
            case PATH_NOT_FOUND, MODEL_NOT_FOUND -> "not_found_error";
            case BODY_TOO_LARGE -> "request_too_large";
            case OVERLOADED, RATE_LIMITED -> "rate_limit_error";
            case NO_ENGINE, BUFFERS_FULL, TOO_MANY_CONNECTIONS, DRAINING -> "overloaded_error";
            default -> kind.status() < 500 ? "invalid_request_error" : "api_error";
        };
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
