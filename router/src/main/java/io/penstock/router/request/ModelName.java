package io.penstock.router.request;

import java.nio.charset.StandardCharsets;

/**
 * A model's name ready to be put into bodies in place of the client's. Made once per route. Threading: immutable.
 */
public final class ModelName {

    private final String name;
    private final byte[] jsonToken;
    private final byte[] plain;

    /** Prepares a name. */
    public ModelName(String name) {
        this.name = name;
        this.jsonToken = JsonStrings.encode(name);
        this.plain = name.getBytes(StandardCharsets.UTF_8);
    }

    byte[] jsonToken() {
        return jsonToken;
    }

    /** The name as a JSON field. */
    public String field() {
        return "\"model\":" + new String(jsonToken, StandardCharsets.UTF_8);
    }

    byte[] plain() {
        return plain;
    }

    /** The name itself. */
    public String name() {
        return name;
    }
}
