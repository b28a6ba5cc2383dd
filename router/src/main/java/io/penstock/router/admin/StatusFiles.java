package io.penstock.router.admin;

import com.dynatrace.hash4j.hashing.Hashing;
import io.netty.buffer.Unpooled;
import io.netty.util.internal.EmptyArrays;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The files of the status page, read from the class path when the router is made. A browser keeps them and asks each time whether
 * they are still the same. Threading: immutable.
 */
final class StatusFiles {

    /** Where all but the page itself are; the page names them without a leading slash, so that it works behind a path. */
    static final String FOLDER = "/status/";

    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    /** Nothing from elsewhere, nothing inline, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private StatusFiles() {}

    /** A page for each file. */
    static List<AdminPage> pages() {
        return List.of(
                page("/", "index.html", "text/html; charset=utf-8"),
                page(FOLDER + "status.css", "status.css", STYLE),
                page(FOLDER + "status.js", "status.js", SCRIPT),
                page(FOLDER + "charts.js", "charts.js", SCRIPT),
                page(FOLDER + "pools.js", "pools.js", SCRIPT),
                page(FOLDER + "numbers.js", "numbers.js", SCRIPT),
                page(FOLDER + "icon.svg", "icon.svg", "image/svg+xml"),
                page(FOLDER + "uplot.js", "uplot.js", SCRIPT),
                page(FOLDER + "uplot.css", "uplot.css", STYLE),
                page(FOLDER + "uplot-licence.txt", "uplot-licence.txt", "text/plain; charset=utf-8"));
    }

    private static AdminPage page(String path, String file, String contentType) {
        byte[] content = read(file);
        String tag = "\"" + Long.toHexString(Hashing.xxh3_64().hashBytesToLong(content)) + "\"";
        Map<String, String> headers = Map.of(
                "etag", tag,
                "cache-control", "no-cache",
                "content-security-policy", POLICY,
                "x-content-type-options", "nosniff",
                "referrer-policy", "no-referrer");
        return AdminPage.get(path, request -> {
            boolean known = request.holds(tag);
            byte[] body = known ? EmptyArrays.EMPTY_BYTES : content;
            return new AdminReply(known ? 304 : 200, contentType, Unpooled.wrappedBuffer(body), headers, null);
        });
    }

    private static byte[] read(String file) {
        try (InputStream in = StatusFiles.class.getResourceAsStream("status/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the status page's " + file + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the status page's " + file + " cannot be read", e);
        }
    }
}
