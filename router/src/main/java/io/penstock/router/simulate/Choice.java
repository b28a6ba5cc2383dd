package io.penstock.router.simulate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One choice of an answer, known in full before its first token: what it says, where it ends and why. The last token
 * rides in the finish chunk; an answer that ends by itself has an end token without text there. A stop string cuts the
 * text before it, also within a token. Threading: immutable.
 *
 * @param index its number in the answer
 * @param text its tokens
 * @param total how many tokens it has, the end token included
 * @param finishReason {@code length} or {@code stop}
 * @param stopReason the stop string that ended it
 * @param cutToken the first token the stop string takes something from; {@code total} where there is none
 * @param cutChars how many characters of that token stay
 */
record Choice(
        int index,
        SimulatedText text,
        int total,
        String finishReason,
        @Nullable String stopReason,
        int cutToken,
        int cutChars) {

    private static final byte[] NOTHING = new byte[0];

    /** Decides the answer: at most {@code limit} tokens, ending by itself after {@code natural}. */
    static Choice of(int index, SimulatedText text, int limit, int natural, List<String> stops) {
        boolean endsByItself = natural <= limit;
        int total = Math.min(natural, limit);
        String reason = endsByItself ? "stop" : "length";
        int spoken = endsByItself ? total - 1 : total;
        Choice uncut = new Choice(index, text, total, reason, null, spoken, 0);
        return stops.isEmpty() ? uncut : uncut.stoppedAt(stops);
    }

    private Choice stoppedAt(List<String> stops) {
        StringBuilder said = new StringBuilder();
        for (int token = 0; token < cutToken; token++) {
            int before = said.length();
            said.append(text.token(token));
            for (String stop : stops) {
                int at = said.indexOf(stop, Math.max(0, before - stop.length() + 1));
                if (at >= 0) {
                    return cut(at, token + 1, stop);
                }
            }
        }
        return this;
    }

    private Choice cut(int chars, int newTotal, String stop) {
        int token = 0;
        int left = chars;
        while (left >= text.token(token).length() && token < newTotal - 1) {
            left -= text.token(token).length();
            token++;
        }
        return new Choice(index, text, newTotal, "stop", stop, token, left);
    }

    /** What token number {@code token} shows inside a JSON string. */
    byte[] json(int token) {
        if (token < cutToken) {
            return text.json(token);
        }
        return token == cutToken && cutChars > 0
                ? Vocabulary.escaped(text.token(token).substring(0, cutChars))
                : NOTHING;
    }

    /** Everything it says. */
    String visible() {
        String whole = text.first(cutToken);
        return cutChars == 0 ? whole : whole + text.token(cutToken).substring(0, cutChars);
    }

    /** True if {@code token} is its last. */
    boolean endsWith(int token) {
        return token == total - 1;
    }

    /** The stop reason as a JSON value. */
    String stopReasonJson() {
        return stopReason == null
                ? "null"
                : '"' + new String(Vocabulary.escaped(stopReason), StandardCharsets.UTF_8) + '"';
    }
}
