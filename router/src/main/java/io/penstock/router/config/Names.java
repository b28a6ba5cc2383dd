package io.penstock.router.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The forms of names and patterns in the configuration, and who had a name first. Threading: confined to one load. */
final class Names {

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private final Findings findings;
    private final Map<String, String> firstByName = new HashMap<>();

    Names(Findings findings) {
        this.findings = findings;
    }

    /** Reports {@code name} at {@code path} if it was claimed before. */
    void claim(String name, String path) {
        String first = firstByName.putIfAbsent(name, path);
        if (first != null) {
            findings.report(path, ScalarReader.echo(name) + " is given twice; the first is " + first);
        }
    }

    /** Reports a pool's or route's name that does not fit into metrics, logs and links. */
    static void checkLabel(String name, String path, Findings findings) {
        if (findings.sound(path) && !LABEL.matcher(name).matches()) {
            findings.report(
                    path,
                    ScalarReader.echo(name) + " is not a name: up to 100 letters, digits, '.', '_' and '-',"
                            + " with a letter or digit at both ends");
        }
    }

    /** Reports a header name that HTTP does not allow (RFC 9110, section 5.6.2). */
    static void checkHeader(String name, String path, Findings findings) {
        if (findings.sound(path) && !TOKEN.matcher(name).matches()) {
            findings.report(path, ScalarReader.echo(name) + " is not a header name");
        }
    }

    /** Reports a URL path, or a pattern of one, that no request can have. */
    static void checkPath(String urlPath, String path, Findings findings) {
        boolean rooted = urlPath.startsWith("/") || urlPath.startsWith("*");
        boolean clean = urlPath.chars().noneMatch(c -> c == '?' || c == '#' || c <= ' ' || c > '~');
        if (findings.sound(path) && !(rooted && clean)) {
            findings.report(
                    path,
                    ScalarReader.echo(urlPath) + " is not a path: it starts with / and has no query, blank or"
                            + " character outside ASCII");
        }
    }

    /** Reports a model's name that is a pattern: the names that engines are sent are exact. */
    static void checkModel(String model, String path, Findings findings) {
        if (findings.sound(path) && (model.contains("*") || !model.equals(model.strip()))) {
            findings.report(
                    path, ScalarReader.echo(model) + " must be one exact model name, without * or outer blanks");
        }
    }

    /** The name as headers compare: case does not matter. */
    static String folded(String header) {
        return header.toLowerCase(Locale.ROOT);
    }
}
