package io.penstock.router.tokenize.template;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens of a tokenizer by the names templates know them by: {@code bos_token}, {@code eos_token} and the like.
 *
 * <p>Threading: immutable.
 */
public record SpecialTokens(Map<String, String> byName) {

    public SpecialTokens {
        byName = Map.copyOf(byName);
    }

    /** No special tokens: a template that writes one writes nothing there. */
    public static SpecialTokens none() {
        return new SpecialTokens(Map.of());
    }

    /** Those of a parsed {@code tokenizer_config.json}: every {@code *_token} that is a string or an object with {@code content}. */
    public static SpecialTokens of(Map<String, @Nullable Object> tokenizerConfig) {
        Map<String, String> found = new LinkedHashMap<>();
        tokenizerConfig.forEach((name, value) -> {
            Object text = value instanceof Map<?, ?> token ? token.get("content") : value;
            if (name.endsWith("_token") && text instanceof String content) {
                found.put(name, content);
            }
        });
        return new SpecialTokens(found);
    }
}
