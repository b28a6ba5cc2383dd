package io.penstock.router.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.router.config.RouteConfig;
import io.penstock.router.fleet.SessionKey;
import io.penstock.router.request.BodyFields;
import io.penstock.router.request.InferenceRequest;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a route finds the session of a request: the first of its headers that is present, then the first of its body
 * fields. Header names are compared without regard to case and to {@code -} or {@code _}, because proxies on the way
 * rewrite one to the other.
 *
 * <p>Threading: immutable.
 */
final class SessionSource {

    private final String[] headers;
    private final int[] bodySlots;

    SessionSource(RouteConfig.SessionConfig config, BodyFields fields) {
        this.headers = config.headers().toArray(String[]::new);
        this.bodySlots = config.body().stream().mapToInt(fields::slot).toArray();
    }

    /** The session of a request, or null. */
    @Nullable
    SessionKey find(HttpHeaders in, InferenceRequest request) {
        CharSequence id = inHeaders(in);
        for (int i = 0; id == null && i < bodySlots.length; i++) {
            id = request.session(bodySlots[i]);
        }
        return id == null ? null : SessionKey.of(id);
    }

    private @Nullable CharSequence inHeaders(HttpHeaders in) {
        int best = headers.length;
        CharSequence value = null;
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = in.iteratorCharSequence();
        while (best > 0 && entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> entry = entries.next();
            int rank = rank(entry.getKey(), best);
            if (rank < best && entry.getValue().length() > 0) {
                best = rank;
                value = entry.getValue();
            }
        }
        return value;
    }

    /** The place of a header among the wanted ones, if it comes before {@code below}. */
    private int rank(CharSequence name, int below) {
        for (int i = 0; i < below; i++) {
            if (sameName(headers[i], name)) {
                return i;
            }
        }
        return below;
    }

    private static boolean sameName(String wanted, CharSequence name) {
        int length = wanted.length();
        if (name.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (folded(wanted.charAt(i)) != folded(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        if (c == '_') {
            return '-';
        }
        return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
    }
}
