package io.penstock.proxy.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of one message as it stood on the wire. Threading: immutable.
 *
 * @param startLine the request line or status line
 * @param fields the header fields in order, names as they were written
 */
public record WireHead(String startLine, List<Map.Entry<String, String>> fields) {

    /** Parses the text of a head, without its empty line. */
    static WireHead parse(String text) {
        String[] lines = text.split("\r\n", -1);
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0) {
                throw new IllegalStateException("not a header field: " + lines[i]);
            }
            fields.add(Map.entry(
                    lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
        }
        return new WireHead(lines[0], List.copyOf(fields));
    }

    /** The status of a status line. */
    public int status() {
        return Integer.parseInt(word(1));
    }

    /** The method of a request line. */
    public String method() {
        return word(0);
    }

    /** The target of a request line. */
    public String target() {
        return word(1);
    }

    /** Every value of a field, its name compared without case. */
    public List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The first value of a field, or null. */
    public @Nullable String value(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** Whether a field holds a token, as in {@code Connection: close}. */
    public boolean says(String name, String token) {
        return values(name).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(token.toLowerCase(Locale.ROOT)));
    }

    private String word(int index) {
        return startLine.split(" ", 3)[index];
    }
}
