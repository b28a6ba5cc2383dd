package io.penstock.router.prompt;

/** What a path does with its prompt. Threading: immutable. */
public enum PromptKind {
    /** Messages become a prompt by the model's template; tokens are generated. */
    CHAT(true, true),
    /** Prompts as text or ids; tokens are generated. */
    COMPLETION(true, true),
    /** Prompts as text or ids; nothing is generated. */
    POOLING(true, false),
    /** A prompt in either form that is only taken apart, and may be of any length. */
    TOKENIZE(true, false),
    /** Whatever else: what its fields mean exactly is not known here. */
    OTHER(false, true);

    private final boolean known;
    private final boolean generates;

    PromptKind(boolean known, boolean generates) {
        this.known = known;
        this.generates = generates;
    }

    /** The kind of a plain path. */
    public static PromptKind of(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> CHAT;
            case "/v1/completions" -> COMPLETION;
            case "/v1/embeddings", "/pooling", "/classify" -> POOLING;
            case "/tokenize" -> TOKENIZE;
            default -> OTHER;
        };
    }

    /** True if it is known here how the prompt is made. */
    boolean known() {
        return known;
    }

    /** True if it is known here how the prompt of a chat is made: elsewhere templates are told other things. */
    boolean knowsChats() {
        return this == CHAT || this == TOKENIZE;
    }

    /** True if engines refuse what is longer than their model takes. */
    public boolean isLimited() {
        return this != TOKENIZE;
    }

    /** True if tokens are generated. */
    public boolean generates() {
        return generates;
    }
}
