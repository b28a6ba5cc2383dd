package io.penstock.router.request;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.router.request.FieldHits.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a JSON body (RFC 8259) that finds wanted fields and skips everything else without looking into it.
 *
 * <p>It checks the structure: brackets that match, keys and colons of the objects it walks, strings that end, one
 * document. It does not check what it skips any closer, because the engine parses the same bytes strictly: any body an
 * engine accepts is understood here in the same way, which is what routing needs. Duplicate keys resolve last-wins.
 *
 * <p>Threading: confined to one scan, on any thread.
 */
final class JsonScan {

    /** Containers within containers, at most. */
    static final int MAX_DEPTH = 512;

    private final ByteBuf body;
    private final JsonCursor cursor;
    private final FieldHits hits;
    private final NotedEntries entries = new NotedEntries();
    private final List<NotedField> lookedFor;
    private int depth;
    private @Nullable NotedField keyField;

    private JsonScan(ByteBuf body, BodyFields fields, FieldHits hits) {
        this.body = body;
        this.cursor = new JsonCursor(body);
        this.hits = hits;
        this.lookedFor = fields.noted();
    }

    /**
     * Scans the readable bytes.
     *
     * @throws ProxyFailure {@link FailureKind#BAD_REQUEST} with the position, if this is no JSON object
     */
    static FieldHits scan(ByteBuf body, BodyFields fields) throws ProxyFailure {
        FieldHits hits = new FieldHits(fields.slots());
        JsonScan scan = new JsonScan(body, fields, hits);
        scan.document(fields.topLevel());
        hits.entries(scan.entries);
        return hits;
    }

    private void document(List<FieldNode> wanted) throws ProxyFailure {
        skipByteOrderMark();
        if (cursor.peekPastSpace() != '{') {
            throw malformed("a JSON object is expected");
        }
        cursor.advance();
        entries.begin(cursor.position());
        object(wanted);
        if (cursor.peekPastSpace() != JsonCursor.END) {
            throw malformed("there is more after the JSON object");
        }
    }

    /** Python's parser accepts the UTF-8 mark in front, so engines do. */
    private void skipByteOrderMark() throws ProxyFailure {
        if (cursor.peek() != 0xef) {
            return;
        }
        cursor.advance();
        if (cursor.next() != 0xbb || cursor.next() != 0xbf) {
            throw malformed("a JSON object is expected");
        }
    }

    /** The rest of an object whose opening brace was read. */
    private void object(List<FieldNode> wanted) throws ProxyFailure {
        depth++;
        if (cursor.peekPastSpace() == '}') {
            cursor.advance();
            depth--;
            return;
        }
        int separator;
        do {
            cursor.peekPastSpace();
            int keyStart = cursor.position();
            FieldNode node = key(wanted);
            NotedField field = keyField;
            if (cursor.peekPastSpace() != ':') {
                throw malformed("a colon is expected");
            }
            cursor.advance();
            value(node);
            int valueEnd = cursor.position();
            separator = cursor.peekPastSpace();
            if (separator != ',' && separator != '}') {
                throw malformed("a comma or the end of the object is expected");
            }
            if (depth == 1) {
                entries.ended(field, keyStart, valueEnd, cursor.position(), separator == '}');
            }
            cursor.advance();
        } while (separator == ',');
        depth--;
    }

    private @Nullable FieldNode key(List<FieldNode> wanted) throws ProxyFailure {
        if (cursor.peekPastSpace() != '"') {
            throw malformed("a key in quotes is expected");
        }
        int start = cursor.position();
        boolean escaped = string();
        int end = cursor.position();
        if (escaped) {
            String name = JsonStrings.decode(body, new ByteRange(start, end));
            keyField = depth == 1 ? NotedField.find(lookedFor, name) : null;
            return FieldNode.find(wanted, name);
        }
        int index = body.readerIndex() + start + 1;
        int length = end - start - 2;
        keyField = depth == 1 ? NotedField.find(lookedFor, body, index, length) : null;
        return FieldNode.find(wanted, body, index, length);
    }

    private void value(@Nullable FieldNode node) throws ProxyFailure {
        if (node != null) {
            hits.forget(node);
        }
        int first = cursor.peekPastSpace();
        int start = cursor.position();
        Kind kind = value(first, node);
        if (node != null && node.isWanted()) {
            hits.found(node.slot(), kind, start, cursor.position());
        }
    }

    private Kind value(int first, @Nullable FieldNode node) throws ProxyFailure {
        if (first == '"' && (node == null || !node.isWanted())) {
            skipString();
            return Kind.STRING;
        }
        if (first == '"') {
            return string() ? Kind.ESCAPED_STRING : Kind.STRING;
        }
        if (first == '{' && node != null && node.hasChildren()) {
            cursor.advance();
            object(node.children());
            return Kind.CONTAINER;
        }
        if (first == '{' || first == '[') {
            skipContainer();
            return Kind.CONTAINER;
        }
        scalar();
        return Kind.SCALAR;
    }

    /** Crosses a string that nobody asks for. */
    private void skipString() throws ProxyFailure {
        cursor.advance();
        if (!cursor.skipString()) {
            throw malformed("a string does not end");
        }
    }

    /** Crosses a string from its opening quote to past its closing one; true if it holds an escape. */
    private boolean string() throws ProxyFailure {
        cursor.advance();
        boolean escaped = false;
        while (cursor.seekQuoteOrBackslash() == '\\') {
            escaped = true;
            cursor.advance();
            if (cursor.next() == JsonCursor.END) {
                break;
            }
        }
        if (cursor.next() == JsonCursor.END) {
            throw malformed("a string does not end");
        }
        return escaped;
    }

    /** Crosses an array or object; one bit per open container remembers which bracket closes it. */
    private void skipContainer() throws ProxyFailure {
        long[] curly = new long[MAX_DEPTH / Long.SIZE];
        int open = 0;
        do {
            int c = cursor.seekQuoteOrBracket();
            if (c == '"') {
                skipString();
            } else if (c == '{' || c == '[') {
                if (depth + open >= MAX_DEPTH) {
                    throw malformed("it is nested deeper than " + MAX_DEPTH);
                }
                set(curly, open++, c == '{');
                cursor.advance();
            } else if (c != JsonCursor.END && isSet(curly, open - 1) == (c == '}')) {
                open--;
                cursor.advance();
            } else {
                throw malformed("an array or object is not closed as it was opened");
            }
        } while (open > 0);
    }

    private static void set(long[] bits, int at, boolean value) {
        long mask = 1L << at;
        bits[at >>> 6] = value ? bits[at >>> 6] | mask : bits[at >>> 6] & ~mask;
    }

    private static boolean isSet(long[] bits, int at) {
        return (bits[at >>> 6] & (1L << at)) != 0;
    }

    private void scalar() throws ProxyFailure {
        int start = cursor.position();
        while (isScalarByte(cursor.peek())) {
            cursor.advance();
        }
        if (cursor.position() == start) {
            throw malformed("a value is expected");
        }
    }

    private static boolean isScalarByte(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '-'
                || c == '+'
                || c == '.';
    }

    private ProxyFailure malformed(String what) {
        return ProxyFailure.of(
                FailureKind.BAD_REQUEST,
                "The request body is not valid JSON: " + what + " (at byte " + cursor.position() + ").");
    }
}
