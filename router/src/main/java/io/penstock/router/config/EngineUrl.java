package io.penstock.router.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An engine's address as written in the file, taken apart. Threading: immutable.
 *
 * @param host a host name or an IP address (IPv6 without brackets), in lower case
 * @param port the TCP port
 * @param secure true for TLS
 */
record EngineUrl(String host, int port, boolean secure) {

    private static final String FORM = "write http://host:port or https://host:port, such as http://10.0.0.11:8000";
    private static final Pattern FORMAT = Pattern.compile(
            "https?://(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)):([0-9]{1,5})");

    /** The address, or nothing if {@link #problem} has something to say. */
    static Optional<EngineUrl> parse(String url) {
        Matcher matcher = FORMAT.matcher(url);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = Integer.parseInt(matcher.group(3));
        boolean valid = port >= 1 && port <= 65535;
        return valid
                ? Optional.of(new EngineUrl(host.toLowerCase(Locale.ROOT), port, url.startsWith("https:")))
                : Optional.empty();
    }

    /** What is wrong with a URL that is no engine address. A URL with a user is not repeated: it may hold a password. */
    static String problem(String url) {
        if (url.contains("@")) {
            return "an engine's address has no user; " + FORM;
        }
        String found = ScalarReader.echo(url);
        String authority = authority(url);
        String scheme = url.startsWith("https://") ? "https://" : "http://";
        if (url.startsWith(scheme) && url.length() > scheme.length() + authority.length()) {
            return found + " has a path or query, but engines get the client's own path; write " + scheme + authority;
        }
        if (url.startsWith(scheme) && !authority.matches(".*:[0-9]+")) {
            return found + " has no port; " + FORM;
        }
        return found + " is not an engine's address; " + FORM;
    }

    private static String authority(String url) {
        int scheme = url.indexOf("://");
        String rest = scheme < 0 ? url : url.substring(scheme + 3);
        return rest.split("[/?#]", 2)[0];
    }
}
