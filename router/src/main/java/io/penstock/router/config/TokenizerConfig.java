package io.penstock.router.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the text of some models becomes tokens. Threading: immutable. */
public record TokenizerConfig(
        @Key("what the tokenizer is called in pools, routes and metrics")
        String name,

        @Key(
                "huggingface: from a tokenizer.json; tiktoken: one of OpenAI's encodings; engine: asks an engine of the pool")
        Type type,

        @Key(
                value =
                        "huggingface: the model's folder, or its tokenizer.json; chat templates are taken from the same folder",
                defaultsTo = "~",
                file = true)
        @Nullable
        String path,

        @Key(value = "tiktoken: r50k_base, p50k_base, p50k_edit, cl100k_base or o200k_base", defaultsTo = "~") @Nullable
        String encoding,

        @Key(
                value = "models that are always counted with this one, exact or with *, as engines name them",
                defaultsTo = "[]")
        List<String> models,

        @Key(
                value = "memory for the ids of text that was tokenized lately; 0B is none",
                defaultsTo = "64MiB",
                min = "0B",
                max = "16GiB")
        ByteSize cache) {

    /** Who makes tokens. */
    public enum Type {
        HUGGINGFACE,
        TIKTOKEN,
        ENGINE
    }
}
