package io.penstock.router.simulate;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated engine is like. Threading: immutable.
 *
 * @param models the names it answers to, the base model first; never empty
 * @param protocols what it speaks on its port; never empty
 * @param keepAlive how long an HTTP/1.1 connection may idle between requests; vLLM's default is 5 s
 * @param seed together with the prompt it fixes every byte of generated text
 * @param time how long things take
 * @param maxModelLength prompt and answer together, in tokens
 * @param answerTokens the mean length of an answer that no limit cuts
 * @param cacheBlocks blocks of 16 tokens in the KV cache
 * @param promptTokensDetails whether usage tells cached tokens ({@code --enable-prompt-tokens-details})
 * @param stampEvents whether streamed events of chat and completions tell when they were made, for benchmarks
 * @param plainText whether answers are plain words only, to be read by people
 * @param control whether {@code /sim/...} switches faults from outside
 * @param recordedRequests how many of the latest requests are kept for {@link SimulatedEngine#received()}
 * @param kv its part where prefill and decode are apart, or null if it does both
 * @param clock the wall clock of the {@code date} header and of {@code created}
 */
public record SimulatedEngineOptions(
        List<SimulatedModel> models,
        Set<EngineProtocol> protocols,
        Duration keepAlive,
        long seed,
        TimeModel time,
        int maxModelLength,
        int answerTokens,
        int cacheBlocks,
        boolean promptTokensDetails,
        boolean stampEvents,
        boolean plainText,
        boolean control,
        int recordedRequests,
        @Nullable KvSide kv,
        Clock clock) {

    public SimulatedEngineOptions {
        models = List.copyOf(models);
        protocols = Set.copyOf(protocols);
        if (models.isEmpty() || protocols.isEmpty()) {
            throw new IllegalArgumentException("an engine needs a model and a protocol");
        }
        if (maxModelLength < 2 || answerTokens < 1 || cacheBlocks < 1 || recordedRequests < 0) {
            throw new IllegalArgumentException("lengths must be positive");
        }
    }

    /** An engine with the model {@code sim}, both protocols, 50 ms to the first token and 20 ms between tokens. */
    public static SimulatedEngineOptions defaults() {
        return builder().build();
    }

    /** Starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Changes some of the defaults. Threading: confined to the thread that builds. */
    public static final class Builder {
        private List<SimulatedModel> models = List.of(SimulatedModel.base("sim"));
        private Set<EngineProtocol> protocols = EnumSet.allOf(EngineProtocol.class);
        private Duration keepAlive = Duration.ofSeconds(5);
        private long seed;
        private TimeModel time = TimeModel.of(Duration.ofMillis(50), Duration.ofMillis(20));
        private int maxModelLength = 131_072;
        private int answerTokens = 64;
        private int cacheBlocks = 65_536;
        private boolean promptTokensDetails;
        private boolean stampEvents;
        private boolean plainText;
        private boolean control;
        private int recordedRequests;
        private @Nullable KvSide kv;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** The models, the base model first. */
        public Builder models(SimulatedModel... names) {
            models = List.of(names);
            return this;
        }

        /** The protocols on the port. */
        public Builder protocols(Set<EngineProtocol> spoken) {
            protocols = spoken;
            return this;
        }

        /** How long an HTTP/1.1 connection may idle. */
        public Builder keepAlive(Duration idle) {
            keepAlive = idle;
            return this;
        }

        /** The seed of all text. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** How long things take. */
        public Builder time(TimeModel model) {
            time = model;
            return this;
        }

        /** Prompt and answer together, in tokens. */
        public Builder maxModelLength(int tokens) {
            maxModelLength = tokens;
            return this;
        }

        /** The mean length of an answer that no limit cuts. */
        public Builder answerTokens(int tokens) {
            answerTokens = tokens;
            return this;
        }

        /** Blocks in the KV cache. */
        public Builder cacheBlocks(int blocks) {
            cacheBlocks = blocks;
            return this;
        }

        /** Whether usage tells cached tokens. */
        public Builder promptTokensDetails(boolean shown) {
            promptTokensDetails = shown;
            return this;
        }

        /** Whether streamed events tell when they were made. */
        public Builder stampEvents(boolean told) {
            stampEvents = told;
            return this;
        }

        /** Whether answers leave out what breaks careless parsers. */
        public Builder plainText(boolean plain) {
            plainText = plain;
            return this;
        }

        /** Whether {@code /sim/...} is open. */
        public Builder control(boolean open) {
            control = open;
            return this;
        }

        /** How many requests are kept. */
        public Builder recordedRequests(int latest) {
            recordedRequests = latest;
            return this;
        }

        /** Its part where prefill and decode are apart, or null. */
        public Builder kv(@Nullable KvSide part) {
            kv = part;
            return this;
        }

        /** The wall clock. */
        public Builder clock(Clock wall) {
            clock = wall;
            return this;
        }

        /** The options. */
        public SimulatedEngineOptions build() {
            return new SimulatedEngineOptions(
                    models,
                    protocols,
                    keepAlive,
                    seed,
                    time,
                    maxModelLength,
                    answerTokens,
                    cacheBlocks,
                    promptTokensDetails,
                    stampEvents,
                    plainText,
                    control,
                    recordedRequests,
                    kv,
                    clock);
        }
    }
}
