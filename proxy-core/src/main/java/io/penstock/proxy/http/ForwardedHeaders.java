package io.penstock.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a request comes from, as proxies tell each other: {@code X-Forwarded-*} and {@code Forwarded} (RFC 7239). What an
 * untrusted peer says of itself is dropped; a trusted proxy's words are kept, and its own address is added to them.
 * Threading: pure functions.
 */
final class ForwardedHeaders {

    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString X_FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
    private static final AsciiString X_REAL_IP = AsciiString.cached("x-real-ip");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");

    /** Every field that tells of the client, or of what it asked a proxy before this one. */
    private static final List<AsciiString> ALL =
            List.of(X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO, X_FORWARDED_PORT, X_REAL_IP, FORWARDED);

    private static final int MOST_HOPS = 64;

    private ForwardedHeaders() {}

    /**
     * Makes the fields of a request right for an engine, in place.
     *
     * @param host the {@code Host} that the client asked for, or null
     */
    static void tell(HttpHeaders headers, ClientOrigin origin, @Nullable String host) {
        InetAddress ip = origin.ip();
        if (origin.isTrustedProxy()) {
            append(headers, origin, ip);
        } else {
            ALL.forEach(headers::remove);
            if (ip != null) {
                headers.set(X_FORWARDED_FOR, ip.getHostAddress());
            }
        }
        if (host != null && !headers.contains(X_FORWARDED_HOST)) {
            headers.set(X_FORWARDED_HOST, host);
        }
        if (!headers.contains(X_FORWARDED_PROTO)) {
            headers.set(X_FORWARDED_PROTO, origin.scheme());
        }
    }

    private static void append(HttpHeaders headers, ClientOrigin origin, @Nullable InetAddress ip) {
        if (ip == null) {
            return;
        }
        String address = ip.getHostAddress();
        headers.set(X_FORWARDED_FOR, joined(headers, X_FORWARDED_FOR, address));
        if (headers.contains(FORWARDED)) {
            String node = ip instanceof Inet6Address ? "\"[" + address + "]\"" : address;
            headers.set(FORWARDED, joined(headers, FORWARDED, "for=" + node + ";proto=" + origin.scheme()));
        }
    }

    private static String joined(HttpHeaders headers, AsciiString name, String last) {
        List<String> before = headers.getAll(name);
        return before.isEmpty() ? last : String.join(", ", before) + ", " + last;
    }

    /**
     * The address of the client itself: the peer's, or, behind trusted proxies, the last address in {@code
     * X-Forwarded-For} that is none of theirs. An entry that is no address ends the search: what stands before it could
     * be anybody's. Null if the peer has no IP address.
     */
    static @Nullable InetAddress client(HttpHeaders headers, ClientOrigin origin) {
        InetAddress client = origin.ip();
        if (client == null || !origin.isTrustedProxy()) {
            return client;
        }
        String[] hops = String.join(",", headers.getAll(X_FORWARDED_FOR)).split(",", -1);
        int furthest = Math.max(0, hops.length - MOST_HOPS);
        for (int i = hops.length - 1; i >= furthest && origin.trustedProxies().contains(client); i--) {
            InetAddress hop = address(hops[i].trim());
            if (hop == null) {
                break;
            }
            client = hop;
        }
        return client;
    }

    /** Some proxies write a port behind the address. */
    private static @Nullable InetAddress address(String hop) {
        int colon = hop.lastIndexOf(':');
        boolean withPort = colon > 0 && (hop.indexOf(':') == colon || hop.charAt(colon - 1) == ']');
        return Networks.address(withPort ? hop.substring(0, colon) : hop);
    }
}
