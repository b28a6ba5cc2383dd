package io.penstock.router.prompt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.penstock.router.prompt.TokenizerCounts.Outcome;
import io.penstock.router.tokenize.Tokenizer;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the tokens of one request's prompts: all that is done off the event loop, from the bytes of the body to the number.
 * Truncation is arithmetic on that number, never a state of the tokenizer.
 *
 * <p>Threading: confined to one request, on any thread.
 */
final class PromptCounter {

    /** What templates write around a message, more or less. */
    private static final int TOKENS_PER_MESSAGE = 5;

    static final int BYTES_PER_TOKEN = 4;

    private final LoadedTokenizer by;
    private final Tokenizer tokenizer;
    private final BooleanSupplier unwanted;
    private final int enough;

    /**
     * Counts by this tokenizer.
     *
     * @param enough counting may stop beyond this
     * @param unwanted true when nobody waits for the number any more
     */
    PromptCounter(LoadedTokenizer by, Tokenizer tokenizer, int enough, BooleanSupplier unwanted) {
        this.by = by;
        this.tokenizer = tokenizer;
        this.enough = enough;
        this.unwanted = unwanted;
    }

    /** Counts a request with this body, whose indexes stay where they are. */
    TokenCount count(ByteBuf body, PromptKind kind, String model) throws IOException {
        PromptBody prompt = PromptReader.read(new ByteBufInputStream(body.duplicate()));
        TokenCount count = prompt.chat() ? chat(body, prompt, kind, model) : prompts(prompt, kind);
        by.counts().count(count.exact() ? Outcome.COUNTED : Outcome.ESTIMATED);
        by.counts().addTokens(count.total());
        return count;
    }

    private TokenCount prompts(PromptBody prompt, PromptKind kind) {
        boolean special = prompt.addSpecial() == null || prompt.addSpecial();
        long total = 0;
        long longest = 0;
        for (String text : prompt.texts()) {
            long tokens = prompt.truncated(count(text, special, prompt), kind, enough);
            total += tokens;
            longest = Math.max(longest, tokens);
        }
        for (int[] ids : prompt.ids()) {
            long tokens = prompt.truncated(ids.length, kind, enough);
            total += tokens;
            longest = Math.max(longest, tokens);
        }
        return new TokenCount(total, longest, prompt.isExact(kind), prompt.asked());
    }

    /** A prompt that is going to be truncated is counted to its end, as it is not its length that is compared. */
    private int count(String text, boolean special, PromptBody prompt) {
        int limit = prompt.truncation() == PromptBody.NO_TRUNCATION ? enough : Integer.MAX_VALUE;
        return tokenizer.count(text, special, limit, unwanted);
    }

    private TokenCount chat(ByteBuf body, PromptBody prompt, PromptKind kind, String model) {
        String text = rendered(body, model);
        if (text == null) {
            return estimated(prompt);
        }
        boolean special = prompt.addSpecial() != null && prompt.addSpecial();
        long tokens = prompt.truncated(count(text, special, prompt), kind, enough);
        return new TokenCount(tokens, tokens, prompt.isExact(kind), prompt.asked());
    }

    private @Nullable String rendered(ByteBuf body, String model) {
        ChatRenderer chats = by.chats();
        if (chats == null) {
            by.tellEstimate(model, "the tokenizer " + by.name() + " has no chat template");
            return null;
        }
        try {
            return chats.render(new ByteBufInputStream(body.duplicate()));
        } catch (IOException e) {
            by.counts().count(Outcome.TEMPLATE_FAILED);
            by.tellEstimate(model, "the chat template of the tokenizer " + by.name() + " fails: " + e.getMessage());
            return null;
        } catch (RuntimeException defect) {
            by.counts().count(Outcome.TEMPLATE_FAILED);
            String what = defect.getClass().getSimpleName(); // its message might quote the prompt
            by.tellEstimate(
                    model, "a defect in rendering the chat template of the tokenizer " + by.name() + ": " + what);
            return null;
        }
    }

    private TokenCount estimated(PromptBody prompt) {
        long tokens = (long) TOKENS_PER_MESSAGE * prompt.messages() + prompt.otherBytes() / BYTES_PER_TOKEN;
        for (String text : prompt.texts()) {
            tokens += tokenizer.count(text, false, enough, unwanted);
        }
        return new TokenCount(tokens, tokens, false, prompt.asked());
    }
}
