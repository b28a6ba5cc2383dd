package io.penstock.router.disaggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.DisaggregationConfig;
import io.penstock.router.config.DisaggregationConfig.Protocol;
import io.penstock.router.config.DisaggregationConfig.When;
import io.penstock.router.fleet.SessionKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {

    private final ManualTicker ticker = new ManualTicker();

    private Judgement judgement(When when, int least) {
        var timeouts = new DisaggregationConfig.TimeoutsConfig(Duration.ofMinutes(5), Duration.ofSeconds(30));
        var config = new DisaggregationConfig(Protocol.VLLM_NIXL, when, least, null, null, 8998, timeouts);
        return new Judgement(config, ticker);
    }

    private static Judgement.Prompt prompt(int tokens) {
        return new Judgement.Prompt(tokens, tokens, tokens, null, true);
    }

    @ParameterizedTest
    @CsvSource({"0, 1, ALWAYS", "100, 99, SHORT", "100, 100, LONG"})
    void lengthDecides(int least, int tokens, Verdict verdict) {
        assertThat(judgement(When.ALWAYS, least).of(prompt(tokens), 1, 1)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({"2047, UNMEASURED_SHORT", "2048, UNMEASURED_LONG"})
    void lengthDecidesWhileNothingIsMeasured(int tokens, Verdict verdict) {
        assertThat(judgement(When.AUTO, 0).of(prompt(tokens), 1, 1)).isEqualTo(verdict);
    }

    private Judgement measured(long localNanosPerToken, long prefillNanosPerToken, long handoverNanosPerToken) {
        Judgement judgement = judgement(When.AUTO, 0);
        for (int i = 0; i < 3; i++) {
            judgement.took(Side.DECODE, prompt(1000), 1000 * localNanosPerToken);
            judgement.took(Side.PREFILL, prompt(1000), 1000 * prefillNanosPerToken);
            judgement.handedOver(prompt(1000), 1000 * handoverNanosPerToken);
        }
        return judgement;
    }

    @Test
    void theFasterWayIsTaken() {
        assertThat(measured(40, 20, 4).of(prompt(500), 1, 1)).isEqualTo(Verdict.FASTER);
        assertThat(measured(40, 38, 4).of(prompt(500), 1, 1)).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void whatIsAheadOnEitherSideCounts() {
        Judgement judgement = measured(40, 20, 4);
        judgement.began(Side.PREFILL, prompt(10_000));
        assertThat(judgement.of(prompt(500), 1, 1)).isEqualTo(Verdict.SLOWER);
        judgement.began(Side.DECODE, prompt(10_000));
        assertThat(judgement.of(prompt(500), 1, 1)).isEqualTo(Verdict.FASTER);
        judgement.ended(Side.DECODE, prompt(10_000));
        judgement.ended(Side.PREFILL, prompt(10_000));
        assertThat(judgement.of(prompt(500), 1, 1)).isEqualTo(Verdict.FASTER);
    }

    @Test
    void whatIsCachedCostsNothing() {
        var cached = new Judgement.Prompt(10_000, 10, 10_000, null, true);
        assertThat(measured(40, 20, 4).of(cached, 1, 1)).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void oldMeasurementsCountNoMore() {
        Judgement judgement = measured(40, 20, 4);
        ticker.advance(Duration.ofMinutes(1));
        assertThat(judgement.of(prompt(500), 1, 1)).isEqualTo(Verdict.UNMEASURED_SHORT);
    }

    @Test
    void aSessionsLastPromptIsCachedWhereItWasAnsweredForAWhile() {
        var cache = new CachedPrefixes(ticker);
        SessionKey session = SessionKey.of("s");
        cache.seen(session, "a:1", 1000);
        assertThat(cache.uncached(session, "a:1", 1200)).isEqualTo(200);
        assertThat(cache.uncached(session, null, 1200)).isEqualTo(200);
        assertThat(cache.uncached(session, "b:1", 1200)).isEqualTo(1200);
        assertThat(cache.uncached(null, "a:1", 1200)).isEqualTo(1200);
        assertThat(cache.uncached(session, "a:1", 900)).isEqualTo(1);
        ticker.advance(Duration.ofMinutes(6));
        assertThat(cache.uncached(session, "a:1", 1200)).isEqualTo(1200);
    }
}
