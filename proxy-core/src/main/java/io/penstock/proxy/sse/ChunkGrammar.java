package io.penstock.proxy.sse;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every field that a chunk of {@code /v1/chat/completions} or {@code /v1/completions} may have for it to be joined with others,
 * and what becomes of it then. Any field, known or not, may also be {@code null}. Threading: immutable.
 */
final class ChunkGrammar {

    private static final Field SAME = new Field(Kind.SAME, Map.of());
    private static final Field EMPTY = new Field(Kind.EMPTY, Map.of());
    private static final Field TEXT = new Field(Kind.TEXT, Map.of());
    private static final Field LIST = new Field(Kind.LIST, Map.of());

    private static final Map<String, Field> FUNCTION = Map.of("name", EMPTY, "arguments", TEXT);

    private static final Map<String, Field> TOOL_CALL = Map.of(
            "index", SAME,
            "id", EMPTY,
            "type", SAME,
            "function", new Field(Kind.OBJECT, FUNCTION));

    private static final Map<String, Field> DELTA = Map.of(
            "role", SAME,
            "content", TEXT,
            "reasoning", TEXT,
            "reasoning_content", TEXT,
            "refusal", TEXT,
            "tool_calls", new Field(Kind.AT_MOST_ONE, TOOL_CALL),
            "function_call", new Field(Kind.OBJECT, FUNCTION));

    private static final Map<String, Field> LOGPROBS = Map.of(
            "content", LIST,
            "refusal", LIST,
            "tokens", LIST,
            "token_logprobs", LIST,
            "top_logprobs", LIST,
            "text_offset", LIST);

    private static final Map<String, Field> CHOICE = Map.of(
            "index", new Field(Kind.CHOICE, Map.of()),
            "delta", new Field(Kind.OBJECT, DELTA),
            "text", TEXT,
            "logprobs", new Field(Kind.OBJECT, LOGPROBS),
            "token_ids", LIST);

    private static final Field CHUNK = new Field(
            Kind.OBJECT,
            Map.of(
                    "id", SAME,
                    "object", new Field(Kind.TYPE, Map.of()),
                    "created", SAME,
                    "model", SAME,
                    "system_fingerprint", SAME,
                    "service_tier", SAME,
                    "obfuscation", new Field(Kind.FIRST, Map.of()),
                    "usage", new Field(Kind.LAST, Map.of()),
                    "choices", new Field(Kind.ONE, CHOICE)));

    /** What a field may hold, besides null. */
    enum Kind {
        /** A string, number or truth that is the same in all chunks. */
        SAME,
        /** A string without text: a name or id would begin something. */
        EMPTY,
        /** The number of the choice. */
        CHOICE,
        /** What the chunk says it is. */
        TYPE,
        /** See {@link ChunkPart#TEXT}. */
        TEXT,
        /** See {@link ChunkPart#LIST}. */
        LIST,
        /** See {@link ChunkPart#LAST}. */
        LAST,
        /** See {@link ChunkPart#FIRST}. */
        FIRST,
        /** An object with known fields. */
        OBJECT,
        /** An array with one such object. */
        ONE,
        /** An array with one such object or none. */
        AT_MOST_ONE
    }

    /**
     * A field.
     *
     * @param kind what it holds
     * @param fields those of its object
     */
    record Field(Kind kind, Map<String, Field> fields) {

        /** The field within the object, or null if it is not known. */
        @Nullable
        Field field(String name) {
            return fields.get(name);
        }
    }

    private ChunkGrammar() {}

    /** A whole chunk. */
    static Field chunk() {
        return CHUNK;
    }
}
