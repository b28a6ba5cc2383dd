package io.penstock.proxy.sse;

import io.penstock.proxy.api.TokenUsage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an answer tells of its tokens in the end of it, whatever API it is of: {@code usage} of OpenAI's chats, completions
 * and responses and of Anthropic's messages, in an event or in a body. Within a JSON string the name would have a backslash before
 * its quote, so a text that speaks of usage is not taken for it. Threading: pure functions.
 */
public final class UsageReader {

    private static final String NAME = "\"usage\"";

    private UsageReader() {}

    /** The last usage in these bytes that tells something, or null. */
    public static @Nullable TokenUsage last(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = text.lastIndexOf(NAME); at >= 0; at = text.lastIndexOf(NAME, at - 1)) {
            TokenUsage usage = usageAt(text, at);
            if (usage != null) {
                return usage;
            }
        }
        return null;
    }

    /** The first usage in these bytes that tells something, or null. */
    public static @Nullable TokenUsage first(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int at = text.indexOf(NAME); at >= 0; at = text.indexOf(NAME, at + 1)) {
            TokenUsage usage = usageAt(text, at);
            if (usage != null) {
                return usage;
            }
        }
        return null;
    }

    private static @Nullable TokenUsage usageAt(String text, int at) {
        boolean quoted = at > 0 && text.charAt(at - 1) == '\\';
        int open = quoted ? -1 : past(text, past(text, at + NAME.length(), ':'), '{');
        int close = open < 0 ? -1 : closing(text, open);
        return close < 0 ? null : usage(text.substring(open, close));
    }

    /** Behind the wanted character, if that is what comes next; otherwise -1. */
    private static int past(String text, int from, char wanted) {
        int at = from;
        while (at >= 0 && at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at >= 0 && at < text.length() && text.charAt(at) == wanted ? at + 1 : -1;
    }

    private static int closing(String text, int from) {
        int open = 1;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            open += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (open == 0) {
                return at;
            }
        }
        return -1;
    }

    private static @Nullable TokenUsage usage(String object) {
        long prompt = either(object, "prompt_tokens", "input_tokens");
        long completion = either(object, "completion_tokens", "output_tokens");
        if (prompt < 0 && completion < 0) {
            return null;
        }
        long read = number(object, "cache_read_input_tokens");
        if (read < 0) {
            return new TokenUsage(prompt, number(object, "cached_tokens"), completion);
        }
        // Anthropic counts what came out of the cache, and what went into it, beside input_tokens
        long written = Math.max(0, number(object, "cache_creation_input_tokens"));
        return new TokenUsage(prompt < 0 ? prompt : prompt + read + written, read, completion);
    }

    private static long either(String object, String one, String other) {
        long number = number(object, one);
        return number < 0 ? number(object, other) : number;
    }

    private static long number(String object, String name) {
        String quoted = "\"" + name + "\"";
        int at = object.indexOf(quoted);
        int from = at < 0 ? -1 : past(object, at + quoted.length(), ':');
        if (from < 0) {
            return -1;
        }
        while (from < object.length() && object.charAt(from) <= ' ') {
            from++;
        }
        long number = -1;
        for (int digits = 0; from < object.length() && digits < 15 && isDigit(object.charAt(from)); digits++) {
            number = 10 * Math.max(0, number) + object.charAt(from++) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
