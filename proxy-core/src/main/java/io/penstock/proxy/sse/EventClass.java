package io.penstock.proxy.sse;

/**
 * What one event of a stream is, as far as holding it is concerned. An event that is several of these is the first of them.
 * Threading: immutable.
 */
public enum EventClass {
    /** Has a comment line, such as one that keeps connections alive. */
    COMMENT,
    /** {@code data: [DONE]}. */
    DONE,
    /** An error: {@code event: error}, or an {@code error} in its data. */
    ERROR,
    /** Ends a choice: its finish reason is given. */
    FINISH,
    /** Tells the usage of the whole stream: without a choice. */
    USAGE,
    /** Begins a call of a tool: an id or a name is given. */
    TOOL_CALL_START,
    /** Goes on with text, reasoning, a refusal or a tool's arguments; also data whose form is not known. */
    CONTENT,
    /** Has a choice but nothing in it that a client shows, such as the one that tells the role. */
    EMPTY,
    /** Has a type, and it is none of those that go on with something: the stream's structure. */
    STRUCTURE,
    /** Too long to be looked at. */
    LARGE
}
