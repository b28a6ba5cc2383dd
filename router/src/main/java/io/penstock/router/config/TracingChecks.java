package io.penstock.router.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The checks of traces. Threading: confined to one load. */
final class TracingChecks {

    private static final String SERVICE_NAME = "service.name";
    private static final Pattern VISIBLE = Pattern.compile("[ -~]*");

    /** The exporter sets these itself. */
    private static final Set<String> TAKEN = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    private static final String PLAIN = "http:";

    private static final Set<String> SECRETS = Set.of("authorization", "proxy-authorization", "api-key", "x-api-key");

    private final RouterConfig config;
    private final Findings findings;

    TracingChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    void run() {
        TracingConfig tracing = config.tracing();
        if (tracing == null || !findings.sound("tracing")) {
            return;
        }
        if (findings.sound("tracing.endpoint") && !isEndpoint(tracing.endpoint())) {
            // not repeated: a password may stand in it
            findings.report(
                    "tracing.endpoint",
                    "is not a URL with a path and without user or query; write it as http://host:4318/v1/traces");
        }
        if (tracing.ca() != null && tracing.endpoint().regionMatches(true, 0, PLAIN, 0, PLAIN.length())) {
            findings.report("tracing.ca", "is of no use without TLS; write the endpoint as https://");
        }
        Names names = new Names(findings);
        tracing.headers().forEach((name, value) -> plain(name, value, names));
        tracing.headerFiles().keySet().forEach(name -> name(name, at("headerFiles", name), names));
        if (tracing.resource().containsKey(SERVICE_NAME)) {
            findings.report(at("resource", SERVICE_NAME), "is what serviceName sets; write it there");
        }
    }

    private static boolean isEndpoint(String text) {
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            String path = uri.getPath() == null ? "" : uri.getPath();
            boolean plain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
            return Set.of("http", "https").contains(scheme) && uri.getHost() != null && plain && path.length() > 1;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void plain(String name, String value, Names names) {
        String path = at("headers", name);
        name(name, path, names);
        if (findings.sound(path) && SECRETS.contains(Names.folded(name))) {
            findings.report(path, "is a secret, and this file is shown by penstock check; put it into headerFiles");
        } else if (findings.sound(path) && !VISIBLE.matcher(value).matches()) {
            findings.report(path, "has characters that no header value may have");
        }
    }

    private void name(String name, String path, Names names) {
        if (!findings.sound(path)) {
            return;
        }
        Names.checkHeader(name, path, findings);
        if (TAKEN.contains(Names.folded(name))) {
            findings.report(path, "is set by the router itself");
        } else {
            names.claim(Names.folded(name), path);
        }
    }

    private static String at(String key, String name) {
        return Entries.child("tracing." + key, name);
    }
}
