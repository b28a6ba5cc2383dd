package io.penstock.router.prompt;

import io.penstock.router.config.TokenizerConfig;
import io.penstock.router.tokenize.Tokenizer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configured tokenizer, ready for use, with the chat template of its model where there is one. A reload keeps it where
 * its configuration stays the same.
 *
 * <p>Threading: any thread.
 */
public final class LoadedTokenizer {

    private static final Logger log = LoggerFactory.getLogger(LoadedTokenizer.class);
    private static final int MOST_MODELS_TOLD = 1000;

    private final TokenizerConfig config;
    private final @Nullable Tokenizer tokenizer;
    private final @Nullable ChatRenderer chats;
    private final TokenizerCounts counts = new TokenizerCounts();
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * Is ready.
     *
     * @param tokenizer null if an engine is asked
     * @param chats null if the model has no template
     */
    public LoadedTokenizer(TokenizerConfig config, @Nullable Tokenizer tokenizer, @Nullable ChatRenderer chats) {
        this.config = config;
        this.tokenizer = tokenizer;
        this.chats = chats;
    }

    TokenizerConfig config() {
        return config;
    }

    /** What it is called. */
    public String name() {
        return config.name();
    }

    /** What makes the tokens, or null if an engine does. */
    public @Nullable Tokenizer tokenizer() {
        return tokenizer;
    }

    @Nullable
    ChatRenderer chats() {
        return chats;
    }

    /** What became of the requests it was asked about. */
    public TokenizerCounts counts() {
        return counts;
    }

    /** Says once for each model that its chats are estimated. */
    void tellEstimate(String model, String why) {
        if (told.size() < MOST_MODELS_TOLD && told.add(model)) {
            log.warn(
                    "the tokens of chats with the model {} are estimated, so that maxModelLen refuses none of them: {}",
                    model,
                    why);
        }
    }
}
