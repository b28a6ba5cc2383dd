package io.penstock.router.route;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.nio.charset.StandardCharsets;

/**
 * The path of a request target in the one form decisions are made on. The engine is sent the target as the client wrote
 * it, and decodes it by its own rules; so a target that two parsers could read differently is refused rather than
 * cleaned: dot segments, empty segments, backslashes, parameters ({@code ;}), and percent-encoded characters that have a
 * meaning in paths (RFC 3986, sections 2.2 and 3.3).
 *
 * <p>Threading: any thread.
 */
final class RequestPath {

    /** Model ids below this path may hold encoded slashes: the router answers it and no engine sees it. */
    static final String MODEL_PREFIX = "/v1/models/";

    private static final String MEANINGFUL = "/\\%;?#.";

    private RequestPath() {}

    /**
     * The plain path of a target: decoded, without query and without one slash at its end.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} if the target is ambiguous
     */
    static String plain(String uri) throws ProxyFailure {
        int query = uri.indexOf('?');
        String raw = query < 0 ? uri : uri.substring(0, query);
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            throw refused("it does not begin with a slash");
        }
        if (raw.startsWith(MODEL_PREFIX)) {
            return MODEL_PREFIX + decoded(raw.substring(MODEL_PREFIX.length()), "");
        }
        checkSegments(raw);
        String path = raw.indexOf('%') < 0 ? raw : decoded(raw, MEANINGFUL);
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static void checkSegments(String raw) throws ProxyFailure {
        int segment = 1;
        for (int i = 1; i <= raw.length(); i++) {
            char c = i == raw.length() ? '/' : raw.charAt(i);
            if (c == '/') {
                checkSegment(raw, segment, i);
                segment = i + 1;
            } else if (c == ';' || c == '\\' || c == '#' || c <= ' ' || c >= 0x7f) {
                throw refused("it holds a character that is not allowed in paths");
            }
        }
    }

    private static void checkSegment(String raw, int start, int end) throws ProxyFailure {
        boolean isLast = end == raw.length();
        if (start == end && !isLast) {
            throw refused("it holds an empty segment");
        }
        boolean dots =
                raw.startsWith(".", start) && (end - start == 1 || (end - start == 2 && raw.startsWith("..", start)));
        if (dots) {
            throw refused("it holds a dot segment");
        }
    }

    private static String decoded(String raw, String notEncoded) throws ProxyFailure {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                c = encoded(raw, i);
                if (c < ' ' || c == 0x7f || notEncoded.indexOf(c) >= 0) {
                    throw refused("it holds an encoded character that has a meaning in paths");
                }
                i += 2;
            }
            bytes[length++] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static char encoded(String raw, int percent) throws ProxyFailure {
        int high = percent + 2 < raw.length() ? Character.digit(raw.charAt(percent + 1), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(raw.charAt(percent + 2), 16);
        if (low < 0) {
            throw refused("it holds a malformed percent-encoding");
        }
        return (char) (high << 4 | low);
    }

    private static ProxyFailure refused(String why) {
        return ProxyFailure.of(FailureKind.BAD_REQUEST, "The request path is refused: " + why + ".");
    }
}
