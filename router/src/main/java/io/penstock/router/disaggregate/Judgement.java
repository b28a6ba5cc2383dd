package io.penstock.router.disaggregate;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.config.DisaggregationConfig.When;
import io.penstock.router.fleet.SessionKey;
import org.jspecify.annotations.Nullable;

/**
 * Whether prefilling a prompt elsewhere pays, by its length, by what is likely cached, and by what the router has measured: the time
 * to the first token if the decode engine prefills by itself, against the time on a prefill engine and for the hand-over.
 * Threading: called on every event loop; its parts are counters.
 */
final class Judgement {

    /** Below this, a hand-over hardly ever pays; only used until there are measurements. */
    private static final int LONG_TOKENS = 2048;

    private final DisaggregationConfig config;
    private final Ticker ticker;
    private final CachedPrefixes onDecode;
    private final CachedPrefixes onPrefill;
    private final PrefillRate locally = new PrefillRate();
    private final PrefillRate elsewhere = new PrefillRate();
    private final PrefillRate handover = new PrefillRate();

    Judgement(DisaggregationConfig config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.onDecode = new CachedPrefixes(ticker);
        this.onPrefill = new CachedPrefixes(ticker);
    }

    /**
     * A prompt as it is judged.
     *
     * @param tokens all of it
     * @param onDecode of that, what is not cached on its decode engine
     * @param onPrefill of that, what is not cached on prefill engines
     * @param session its session, or null
     * @param streamed whether the answer is, so that its first byte is its first token
     */
    record Prompt(
            int tokens,
            int onDecode,
            int onPrefill,
            @Nullable SessionKey session,
            boolean streamed) {}

    /** What there is to prefill for a request. */
    Prompt prompt(HandoverRequest request, String decodeEngine) {
        int tokens = request.tokens();
        SessionKey session = request.session();
        return new Prompt(
                tokens,
                onDecode.uncached(session, decodeEngine, tokens),
                onPrefill.uncached(session, null, tokens),
                session,
                request.inference().stream());
    }

    /**
     * Judges a prompt.
     *
     * @param decodes decode engines that share what is under way on their side
     * @param prefills the same on the other side
     */
    Verdict of(Prompt prompt, int decodes, int prefills) {
        int least = config.whenUncachedTokensAtLeast();
        if (prompt.onDecode() < least) {
            return Verdict.SHORT;
        }
        if (config.when() == When.ALWAYS) {
            return least > 0 ? Verdict.LONG : Verdict.ALWAYS;
        }
        long now = ticker.nanos();
        if (!locally.isKnown(now) || !elsewhere.isKnown(now) || !handover.isKnown(now)) {
            return prompt.onDecode() < LONG_TOKENS ? Verdict.UNMEASURED_SHORT : Verdict.UNMEASURED_LONG;
        }
        double local = locally.estimate(prompt.onDecode(), decodes);
        double apart = elsewhere.estimate(prompt.onPrefill(), prefills) + handover.estimate(prompt.tokens(), 1);
        return apart < local ? Verdict.FASTER : Verdict.SLOWER;
    }

    /** An engine prefills this prompt. */
    void began(Side on, Prompt prompt) {
        rate(on).began(uncached(on, prompt));
    }

    /** It has prefilled it, or failed to. */
    void ended(Side on, Prompt prompt) {
        rate(on).ended(uncached(on, prompt));
    }

    /** It took so long. */
    void took(Side on, Prompt prompt, long nanos) {
        rate(on).took(uncached(on, prompt), nanos, ticker.nanos());
    }

    /** The first token came so long after decode was asked to go on with it. */
    void handedOver(Prompt prompt, long nanos) {
        handover.took(prompt.tokens(), nanos, ticker.nanos());
    }

    /** The prompt is in this engine's cache now. */
    void cached(Side on, Prompt prompt, String engine) {
        (on == Side.DECODE ? onDecode : onPrefill).seen(prompt.session(), engine, prompt.tokens());
    }

    private PrefillRate rate(Side on) {
        return on == Side.DECODE ? locally : elsewhere;
    }

    private static int uncached(Side on, Prompt prompt) {
        return on == Side.DECODE ? prompt.onDecode() : prompt.onPrefill();
    }
}
