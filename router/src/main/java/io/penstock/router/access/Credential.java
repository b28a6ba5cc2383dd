package io.penstock.router.access;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key or token of a request: the first of {@code Authorization: Bearer} (RFC 6750, section 2.1), {@code x-api-key}
 * (clients of Anthropic) and {@code api-key} (clients of Azure) that is there. Threading: pure functions.
 */
final class Credential {

    static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
    static final AsciiString API_KEY = AsciiString.cached("api-key");

    private static final String BEARER = "bearer ";

    private Credential() {}

    /**
     * What the client presents, or null if it presents nothing.
     *
     * @throws ProxyFailure if the header is there twice, so that another reader could take the other one
     */
    static @Nullable String of(HttpHeaders headers) throws ProxyFailure {
        String bearer = bearer(single(headers, HttpHeaderNames.AUTHORIZATION));
        if (bearer != null) {
            return bearer;
        }
        String key = single(headers, X_API_KEY);
        return key == null ? single(headers, API_KEY) : key;
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? nonEmpty(authorization.substring(BEARER.length()))
                : null;
    }

    private static @Nullable String single(HttpHeaders headers, AsciiString name) throws ProxyFailure {
        String value = headers.get(name);
        if (value == null) {
            return null;
        }
        List<String> all = headers.getAll(name);
        if (all.size() > 1) {
            throw AccessRefusals.ambiguous(name);
        }
        return nonEmpty(value);
    }

    private static @Nullable String nonEmpty(String value) {
        String stripped = value.strip();
        return stripped.isEmpty() ? null : stripped;
    }
}
