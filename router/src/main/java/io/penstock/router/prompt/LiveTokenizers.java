package io.penstock.router.prompt;

import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.config.TokenizationConfig;
import io.penstock.router.config.TokenizerConfig;
import io.penstock.router.tokenize.Tokenizer;
import io.penstock.router.tokenize.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizers of a router whose configuration changes: one {@link Tokenization} for each configuration, and the threads
 * of all of them, which are there from the first tokenizer on.
 *
 * <p>Threading: {@link #prepare} on a thread that may block, {@link #controlTake} on the control plane, the rest on any.
 */
public final class LiveTokenizers implements AutoCloseable {

    private final TokenizationConfig sizes;
    private final Ticker ticker;
    private final EngineTokenizer engines;
    private final Queue<Tokenization> prepared = new ConcurrentLinkedQueue<>();
    private Tokenization newest;
    private volatile Tokenization inForce;
    private volatile @Nullable OffloadLanes lanes;

    /**
     * Loads every tokenizer.
     *
     * @throws IOException if one cannot be had; the message names the key and the file, and nothing is left open
     */
    public LiveTokenizers(RouterConfig config, Ticker ticker) throws IOException {
        this.sizes = config.server().tokenization();
        this.ticker = ticker;
        this.engines = new EngineTokenizer(ticker);
        newest = Tokenization.none(config);
        newest = load(config);
        inForce = newest;
    }

    /**
     * Loads what a configuration names that comes into force soon, and the one before does not.
     *
     * @throws IOException if a tokenizer cannot be had; all stays as it was then
     */
    public synchronized void prepare(RouterConfig next) throws IOException {
        if (!newest.config().equals(next)) {
            newest = load(next);
            prepared.add(newest);
        }
    }

    private Tokenization load(RouterConfig config) throws IOException {
        Map<String, LoadedTokenizer> loaded = new HashMap<>();
        for (int i = 0; i < config.tokenizers().size(); i++) {
            TokenizerConfig wanted = config.tokenizers().get(i);
            LoadedTokenizer known = newest.named(wanted.name());
            loaded.put(
                    wanted.name(),
                    known != null && known.config().equals(wanted) ? known : load(wanted, "tokenizers[" + i + "]"));
        }
        if (!loaded.isEmpty() && lanes == null) {
            lanes = lanes();
        }
        return new Tokenization(config, loaded, lanes, engines);
    }

    private static LoadedTokenizer load(TokenizerConfig wanted, String at) throws IOException {
        try {
            @Nullable
            Tokenizer tokenizer = switch (wanted.type()) {
                case HUGGINGFACE ->
                    Tokenizers.huggingFace(
                            Path.of(Objects.requireNonNull(wanted.path(), "checked")),
                            wanted.cache().bytes());
                case TIKTOKEN ->
                    Tokenizers.tiktoken(
                            Objects.requireNonNull(wanted.encoding(), "checked"),
                            wanted.cache().bytes());
                case ENGINE -> null;
            };
            return new LoadedTokenizer(wanted, tokenizer, chats(wanted));
        } catch (IOException e) {
            throw new IOException(at + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable ChatRenderer chats(TokenizerConfig wanted) throws IOException {
        String path = wanted.path();
        return path == null ? null : TemplateRenderer.load(Path.of(path), Clock.system(ZoneId.systemDefault()));
    }

    private OffloadLanes lanes() {
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        return new OffloadLanes(
                "penstock-tokenize",
                sizes.threads() == 0 ? cores : sizes.threads(),
                sizes.queue(),
                new OffloadLanes.Sizes((int) sizes.inlineBelow().bytes(), (int)
                        sizes.hugeFrom().bytes()),
                ticker);
    }

    /** The tokenization of the configuration that is in force from now on: the one of the start, or one that was prepared. */
    public Tokenization controlTake(RouterConfig config) {
        Tokenization now = inForce;
        while (!now.config().equals(config)) {
            Tokenization next = prepared.poll();
            if (next == null) {
                throw new IllegalStateException("a configuration came into force whose tokenizers were not loaded");
            }
            now = next;
        }
        inForce = now;
        return now;
    }

    /** From now on engines can be asked for tokens. */
    public void asks(EngineClient client) {
        engines.asks(client);
    }

    /** The tokenizers in force. */
    public Collection<LoadedTokenizer> inForce() {
        return List.copyOf(inForce.all());
    }

    /** Where they work; null while there has been no tokenizer. */
    public @Nullable OffloadLanes threads() {
        return lanes;
    }

    /** Stops the threads. */
    @Override
    public void close() {
        OffloadLanes running = lanes;
        if (running != null) {
            running.close();
        }
    }
}
