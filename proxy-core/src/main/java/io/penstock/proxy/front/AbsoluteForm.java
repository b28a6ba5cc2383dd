package io.penstock.proxy.front;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;

/**
 * Request targets that are whole URLs, which a server must accept (RFC 9112, section 3.2.2). One that names the same host as the
 * {@code Host} header is the same request as its path alone; one that names another is left as it is, and refused. Threading: pure
 * functions.
 */
final class AbsoluteForm {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    private AbsoluteForm() {}

    /** True for a URL. */
    static boolean isIn(String target) {
        return schemeLength(target) > 0;
    }

    /** Gives a request with a URL for its target the path of it, if it names the host that the header names. */
    static void resolve(HttpRequest request) {
        String target = request.uri();
        int authority = schemeLength(target);
        if (authority == 0) {
            return;
        }
        int path = authority;
        while (path < target.length() && "/?#".indexOf(target.charAt(path)) < 0) {
            path++;
        }
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() == 1 && path > authority && hosts.get(0).equalsIgnoreCase(target.substring(authority, path))) {
            request.setUri(originForm(request.method(), target.substring(path)));
        }
    }

    private static String originForm(HttpMethod method, String path) {
        if (path.startsWith("/")) {
            return path;
        }
        return path.isEmpty() && method.equals(HttpMethod.OPTIONS) ? "*" : "/" + path;
    }

    private static int schemeLength(String target) {
        if (target.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            return HTTP.length();
        }
        return target.regionMatches(true, 0, HTTPS, 0, HTTPS.length()) ? HTTPS.length() : 0;
    }
}
