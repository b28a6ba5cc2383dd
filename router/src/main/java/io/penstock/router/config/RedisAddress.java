package io.penstock.router.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a URL of Redis says. Threading: immutable. */
public record RedisAddress(boolean tls, String host, int port, int database) {

    private static final int USUAL_PORT = 6379;
    private static final Pattern DATABASE = Pattern.compile("/([0-9]{1,4})?");

    /** The address by a URL with a host and neither user, query nor fragment; null for anything else. */
    public static @Nullable RedisAddress of(String url) {
        try {
            URI uri = new URI(url);
            String host = uri.getHost();
            boolean plain = uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            boolean tls = "rediss".equalsIgnoreCase(uri.getScheme());
            String path = uri.getRawPath() == null ? "" : uri.getRawPath();
            if (host == null || !plain || !(tls || "redis".equalsIgnoreCase(uri.getScheme()))) {
                return null;
            }
            if (!path.isEmpty() && !DATABASE.matcher(path).matches()) {
                return null;
            }
            int port = uri.getPort() < 0 ? USUAL_PORT : uri.getPort();
            return new RedisAddress(tls, host.replaceAll("[\\[\\]]", ""), port, database(path));
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static int database(String path) {
        return path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
    }

    /** The host and port, as it stands in the log. */
    public String authority() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
