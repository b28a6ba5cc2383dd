package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.penstock.router.request.FieldHits.Kind;

/**
 * How many prompts a completion has: {@code prompt} may be a text, a list of texts, a list of tokens, or a list of such lists. The
 * scan has seen that brackets match. Threading: pure functions.
 */
final class PromptCount {

    private PromptCount() {}

    static int of(FieldHits hits, ByteBuf body) {
        if (hits.kind(BodyFields.PROMPT) != Kind.CONTAINER) {
            return 1;
        }
        ByteRange range = hits.range(BodyFields.PROMPT);
        var cursor = new JsonCursor(body.slice(body.readerIndex() + range.start(), range.length()));
        if (cursor.next() != '[') {
            return 1;
        }
        int first = cursor.peekPastSpace();
        return first == '"' || first == '[' ? Math.max(1, counted(cursor)) : 1;
    }

    private static int counted(JsonCursor cursor) {
        int count = 0;
        int depth = 0;
        for (int c = cursor.seekQuoteOrBracket(); c != JsonCursor.END; c = cursor.seekQuoteOrBracket()) {
            cursor.advance();
            if (depth == 0 && (c == '"' || c == '[')) {
                count++;
            }
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            } else if (c == '"' && !cursor.skipString()) {
                return count;
            }
        }
        return count;
    }
}
