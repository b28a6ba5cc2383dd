package io.penstock.proxy.sse;

/** How a value that may differ between two chunks becomes one value. Threading: immutable. */
enum ChunkPart {
    /** A string: the texts between the quotes, one after the other, with their escapes. */
    TEXT,
    /** An array: all elements, as they are written. */
    LIST,
    /** An object that tells the sum so far: the last one. */
    LAST,
    /** A string without meaning: the first one. */
    FIRST
}
