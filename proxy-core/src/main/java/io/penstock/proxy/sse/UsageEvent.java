package io.penstock.proxy.sse;

import java.nio.charset.StandardCharsets;

/**
 * Knows the event that tells the usage of a whole stream of {@code /v1/chat/completions} or {@code /v1/completions}: one line of
 * data, an object with empty {@code choices} and a {@code usage}. Threading: confined to one look.
 */
final class UsageEvent {

    private static final byte[] DATA = "data:".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private int at;
    private boolean noChoices;
    private boolean usage;

    private UsageEvent(byte[] bytes) {
        this.bytes = bytes;
    }

    /** True if this whole event tells usage and nothing else. */
    static boolean is(byte[] event) {
        UsageEvent look = new UsageEvent(event);
        return look.isObject() && look.noChoices && look.usage;
    }

    private boolean isObject() {
        for (byte b : DATA) {
            if (!eat(b)) {
                return false;
            }
        }
        skipBlanks();
        if (!eat('{')) {
            return false;
        }
        do {
            if (!entry()) {
                return false;
            }
            skipBlanks();
        } while (eat(','));
        return eat('}') && isEnd();
    }

    private boolean isEnd() {
        for (int i = at; i < bytes.length; i++) {
            if (bytes[i] != '\n' && bytes[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean entry() {
        skipBlanks();
        int from = at + 1;
        int to = eat('"') ? JsonBytes.endOfString(bytes, from, bytes.length) : -1;
        if (to < 0) {
            return false;
        }
        String name = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        at = to + 1;
        skipBlanks();
        if (!eat(':')) {
            return false;
        }
        skipBlanks();
        return value(name);
    }

    private boolean value(String name) {
        boolean array = eat('[');
        boolean object = !array && eat('{');
        int from = at;
        if (array || object) {
            at = JsonBytes.endOfContainer(bytes, at, bytes.length) + 1;
        } else if (eat('"')) {
            at = JsonBytes.endOfString(bytes, at, bytes.length) + 1;
        } else {
            at = JsonBytes.endOfScalar(bytes, at, bytes.length);
            return at > from;
        }
        noChoices |= array && name.equals("choices") && at > 0 && JsonBytes.isBlank(bytes, from, at - 1);
        usage |= object && name.equals("usage");
        return at > 0;
    }

    private boolean eat(int wanted) {
        boolean there = at < bytes.length && bytes[at] == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (at < bytes.length && bytes[at] == ' ') {
            at++;
        }
    }
}
