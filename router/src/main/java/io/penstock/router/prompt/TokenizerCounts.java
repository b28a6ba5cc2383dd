package io.penstock.router.prompt;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What became of the requests that one tokenizer was asked about. Threading: counter. */
public final class TokenizerCounts {

    private final Map<Outcome, LongAdder> byOutcome = new EnumMap<>(Outcome.class);
    private final LongAdder tokens = new LongAdder();

    TokenizerCounts() {
        for (Outcome outcome : Outcome.values()) {
            byOutcome.put(outcome, new LongAdder());
        }
    }

    /** What became of one. */
    public enum Outcome {
        /** Its tokens were counted exactly. */
        COUNTED,
        /** Its tokens were estimated, as it has no template or something in it is no text. */
        ESTIMATED,
        /** Its template could not be rendered, so its tokens were estimated. */
        TEMPLATE_FAILED,
        /** Its tokens could not be counted: a defect, or a body that is no request. */
        FAILED,
        /** Too many waited, so it went on without a count. */
        SKIPPED,
        /** Too many waited, so it was refused. */
        REJECTED,
        /** Its prompt is longer than its route lets through. */
        TOO_LONG,
        /** {@code /tokenize} or {@code /detokenize} was answered. */
        ANSWERED;

        /** The name in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Counts one request. */
    public void count(Outcome outcome) {
        adder(outcome).increment();
    }

    void addTokens(long more) {
        tokens.add(more);
    }

    /** Requests with this outcome. */
    public long of(Outcome outcome) {
        return adder(outcome).sum();
    }

    private LongAdder adder(Outcome outcome) {
        return Objects.requireNonNull(byOutcome.get(outcome));
    }

    /** Prompt tokens counted or estimated. */
    public long tokens() {
        return tokens.sum();
    }
}
