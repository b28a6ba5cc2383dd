package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrefixCacheTest {

    private static final String LONG = " word".repeat(64);

    @Test
    void aPromptSeenBeforeIsCachedButForItsLastTokens() {
        PrefixCache cache = new PrefixCache(1000);
        PromptTokens prompt = PromptTokens.of(LONG, 1);
        assertThat(prompt.count()).isEqualTo(128);
        assertThat(cache.enter(prompt)).isZero();
        assertThat(cache.enter(prompt)).isEqualTo(112);
    }

    @Test
    void onlyTheCommonPrefixOfWholeBlocksIsCached() {
        PrefixCache cache = new PrefixCache(1000);
        cache.enter(PromptTokens.of(LONG, 1));
        assertThat(cache.enter(PromptTokens.of(" word".repeat(20) + " other".repeat(40), 1)))
                .isEqualTo(32);
    }

    @Test
    void anotherModelOrSaltSharesNothing() {
        PrefixCache cache = new PrefixCache(1000);
        cache.enter(PromptTokens.of(LONG, 1));
        assertThat(cache.enter(PromptTokens.of(LONG, 2))).isZero();
    }

    @Test
    void theOldestBlocksGoFirst() {
        PrefixCache cache = new PrefixCache(8);
        cache.enter(PromptTokens.of(LONG, 1));
        cache.enter(PromptTokens.of(LONG, 2));
        assertThat(cache.enter(PromptTokens.of(LONG, 1))).isZero();
    }
}
