package io.penstock.proxy.upstream;

import io.netty.handler.ssl.NotSslRecordException;
import io.penstock.proxy.api.Endpoint;
import java.security.cert.CertificateException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log, for whoever runs the engine, what was wrong with its TLS; a client is not told. The same words of one
 * engine are logged once until it answers or something else is wrong, as it is probed every few seconds.
 *
 * <p>Threading: any event loop.
 */
final class HandshakeFault {

    private static final Logger log = LoggerFactory.getLogger(HandshakeFault.class);

    private final ConcurrentMap<Endpoint, String> told = new ConcurrentHashMap<>();

    /** True if the cause is one of TLS, which is logged then. */
    boolean logged(Endpoint endpoint, Throwable cause) {
        String words = words(cause);
        if (endpoint.tls() == null || words == null) {
            return false;
        }
        if (!words.equals(told.put(endpoint, words))) {
            log.warn("engine {}: {}", endpoint, words);
        }
        return true;
    }

    /** A handshake with the engine succeeded. */
    void over(Endpoint endpoint) {
        told.remove(endpoint);
    }

    /** What was wrong, or null if it was nothing of TLS. */
    static @Nullable String words(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return "it does not speak TLS on this port";
        }
        if (cause instanceof RejectedExecutionException) {
            return "too many TLS handshakes are under way";
        }
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof CertificateException) {
                String text = innermost(at);
                boolean otherName = text.startsWith("No subject alternative") || text.startsWith("No name matching");
                return otherName
                        ? "its certificate is for another name: " + text
                        : "its certificate is not trusted: " + text;
            }
        }
        return cause instanceof SSLException ? "the TLS handshake failed: " + innermost(cause) : null;
    }

    private static String innermost(Throwable cause) {
        Throwable at = cause;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}
