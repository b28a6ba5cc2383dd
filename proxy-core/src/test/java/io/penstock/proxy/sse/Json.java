package io.penstock.proxy.sse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of JSON whose bytes are given as Latin-1: objects are maps, arrays lists, strings strings, and everything else a
 * {@link Literal} with the digits as they are written. A name that is there twice is refused. Threading: confined to one reading.
 */
final class Json {

    /** A number, truth or null as it is written. */
    record Literal(String text) {}

    static final Literal NULL = new Literal("null");

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        if (json.at != text.length()) {
            throw json.malformed("more");
        }
        return value;
    }

    /** The value at a path of names and array indexes; null if there is none. */
    static @Nullable Object at(Object json, Object... path) {
        Object value = json;
        for (Object step : path) {
            if (step instanceof Integer index) {
                value = value instanceof List<?> list && index < list.size() ? list.get(index) : null;
            } else {
                value = value instanceof Map<?, ?> map ? map.get(step) : null;
            }
        }
        return value;
    }

    private Object value() {
        blanks();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> literal();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        at++;
        if (!eat('}')) {
            do {
                blanks();
                String name = string();
                expect(':');
                if (object.put(name, value()) != null) {
                    throw malformed("twice: " + name);
                }
            } while (eat(','));
            expect('}');
        }
        return object;
    }

    private List<Object> array() {
        List<Object> array = new ArrayList<>();
        at++;
        if (!eat(']')) {
            do {
                array.add(value());
            } while (eat(','));
            expect(']');
        }
        return array;
    }

    private String string() {
        expect('"');
        StringBuilder string = new StringBuilder();
        for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
            if (c < ' ') {
                throw malformed("control character");
            }
            string.append(c == '\\' ? escape(text.charAt(at++)) : c);
        }
        return string.toString();
    }

    private char escape(char c) {
        if (c == 'u') {
            at += 4;
            return (char) Integer.parseInt(text.substring(at - 4, at), 16);
        }
        int index = "\"\\/bfnrt".indexOf(c);
        if (index < 0) {
            throw malformed("escape");
        }
        return "\"\\/\b\f\n\r\t".charAt(index);
    }

    private Literal literal() {
        int from = at;
        while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String literal = text.substring(from, at);
        if (!literal.matches("null|true|false|-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?")) {
            throw malformed("literal " + literal);
        }
        return new Literal(literal);
    }

    private char peek() {
        return text.charAt(at);
    }

    private boolean eat(char wanted) {
        blanks();
        boolean there = at < text.length() && peek() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char wanted) {
        if (!eat(wanted)) {
            throw malformed(wanted + " expected");
        }
    }

    private void blanks() {
        while (at < text.length() && peek() == ' ') {
            at++;
        }
    }

    private IllegalArgumentException malformed(String what) {
        return new IllegalArgumentException(what + " at " + at + " in " + text);
    }
}
