package io.penstock.router.prompt;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.config.Glob;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouteTokensConfig;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizers of one configuration: which one is for a request, and counting by it off the event loops. Where there are
 * none it costs a request one look.
 *
 * <p>Threading: asked on event loops; immutable, but for what its tokenizers count and remember.
 */
public final class Tokenization {

    private final RouterConfig config;
    private final Map<String, LoadedTokenizer> byName;
    private final @Nullable OffloadLanes lanes;
    private final EngineTokenizer engines;
    private final Map<String, LoadedTokenizer> byPool = new HashMap<>();
    private final List<ForModels> byModel = new ArrayList<>();
    private final Set<String> countedPools = new HashSet<>();

    /**
     * The tokenization of a configuration.
     *
     * @param byName its tokenizers
     * @param lanes where they work; null only if there are none
     */
    public Tokenization(RouterConfig config, Map<String, LoadedTokenizer> byName, @Nullable OffloadLanes lanes) {
        this(config, byName, lanes, new EngineTokenizer(Ticker.system()));
    }

    /** The same; {@code engines} are asked by tokenizers of that type. */
    Tokenization(
            RouterConfig config,
            Map<String, LoadedTokenizer> byName,
            @Nullable OffloadLanes lanes,
            EngineTokenizer engines) {
        this.engines = engines;
        this.config = config;
        this.byName = Map.copyOf(byName);
        this.lanes = lanes;
        for (PoolConfig pool : config.pools()) {
            LoadedTokenizer named = pool.tokenizer() == null ? null : byName.get(pool.tokenizer());
            if (named != null) {
                byPool.put(pool.name(), named);
            }
            if (pool.groups().stream().anyMatch(group -> balancesByTokens(group.policy())) || judgesByTokens(pool)) {
                countedPools.add(pool.name());
            }
        }
        config.tokenizers().forEach(each -> each.models().forEach(pattern -> add(pattern, byName.get(each.name()))));
    }

    /** The tokenization of a router that is put together by hand: none. */
    public static Tokenization none(RouterConfig config) {
        return new Tokenization(config, Map.of(), null);
    }

    /** A tokenizer and the models it is for. */
    private record ForModels(Glob pattern, LoadedTokenizer tokenizer) {}

    private void add(String pattern, @Nullable LoadedTokenizer tokenizer) {
        if (tokenizer != null) {
            byModel.add(new ForModels(new Glob(pattern), tokenizer));
        }
    }

    private static boolean balancesByTokens(PolicyConfig policy) {
        return policy.type() == PolicyConfig.Type.LEAST_TOKENS
                || (policy.type() == PolicyConfig.Type.SESSION && policy.fallback() == PolicyConfig.Type.LEAST_TOKENS);
    }

    /** Whether a prompt is prefilled on another engine depends on how long it is. */
    private static boolean judgesByTokens(PoolConfig pool) {
        DisaggregationConfig how = pool.disaggregation();
        return how != null && how.judgesByTokens();
    }

    /** What it was made of. */
    RouterConfig config() {
        return config;
    }

    /** Every tokenizer. */
    Collection<LoadedTokenizer> all() {
        return byName.values();
    }

    /** A tokenizer by its name. */
    @Nullable
    LoadedTokenizer named(String name) {
        return byName.get(name);
    }

    /** True if there is none, so that nobody needs to ask further. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** True if every prompt that goes this way has to be counted. */
    public boolean counts(RouteTokensConfig route, String pool) {
        return route.counts() || countedPools.contains(pool);
    }

    /** The tokenizer for a request: its route's, else the one for its model, else its pool's; null if there is none. */
    public @Nullable LoadedTokenizer find(RouteTokensConfig route, String pool, @Nullable String model) {
        if (route.tokenizer() != null) {
            return byName.get(route.tokenizer());
        }
        if (model != null) {
            for (ForModels each : byModel) {
                if (each.pattern().matches(model)) {
                    return each.tokenizer();
                }
            }
        }
        return byPool.get(pool);
    }

    /**
     * Counts the tokens of a request. The future completes on the request's loop, at once for a short prompt; it fails with
     * an {@link io.penstock.proxy.offload.OffloadRejectedException} if too many wait. Cancelling it spares the work if it
     * has not begun.
     */
    public Future<TokenCount> count(LoadedTokenizer by, PromptCall call) {
        var tokenizer = by.tokenizer();
        if (tokenizer == null) {
            return EngineAsking.count(by, call, engines, run(call, () -> question(call)));
        }
        ByteBuf body = call.request().body();
        var counter = new PromptCounter(by, tokenizer, call.enough(), call.unwanted());
        return run(call, () -> counter.count(body, call.kind(), call.label()));
    }

    /** The body of the answer to {@code /tokenize} or {@code /detokenize}; empty if only an engine can tell. */
    public Future<byte[]> answer(LoadedTokenizer by, PromptCall call) {
        var tokenizer = by.tokenizer();
        if (tokenizer == null) {
            return call.request().loop().newSucceededFuture(new byte[0]);
        }
        ByteBuf body = call.request().body();
        return run(call, () -> {
            byte @Nullable [] answer = call.path().equals("/detokenize")
                    ? TokenizeAnswers.detokenize(body, tokenizer)
                    : TokenizeAnswers.tokenize(body, by, tokenizer, call);
            return answer == null ? new byte[0] : answer;
        });
    }

    private static EngineQuestion question(PromptCall call) throws IOException {
        return EngineQuestion.of(call.request().body(), call.kind(), call.model());
    }

    /**
     * Holds the body for as long as the work may read it. All of the body is read, and tools become tokens as messages do, so
     * it is the whole of it that is long or short.
     */
    private <T> Future<T> run(PromptCall call, Callable<T> work) {
        OffloadLanes threads = lanes;
        if (threads == null) {
            throw new IllegalStateException("there are tokenizers without threads");
        }
        ByteBuf body = call.request().body().retain();
        Future<T> done = threads.submit(call.request().loop(), body.readableBytes(), work);
        done.addListener(ended -> body.release());
        return done;
    }
}
