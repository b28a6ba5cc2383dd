package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {

    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource(
            emptyValue = "",
            value = {
                "*, '', true",
                "*, anything/at all, true",
                "abc, abc, true",
                "abc, abcd, false",
                "abc, ab, false",
                "abc, ABC, false",
                "'', '', true",
                "'', a, false",
                "a*, a, true",
                "a*, ba, false",
                "*a, ba, true",
                "*a, ab, false",
                "a*c, abc, true",
                "a*c, abcbc, true",
                "a*c, abcb, false",
                "a*b*c, axxbyyc, true",
                "a*b*c, acb, false",
                "**, x, true",
                "a**b, ab, true",
                "/v1/*, /v1/chat/completions, true",
                "/v1/*, /v1, false",
                "*aab, aaaab, true",
                "qwen-?, qwen-1, false",
                "q.en, qwen, false"
            })
    void takesWhatItShould(String pattern, String text, boolean expected) {
        assertThat(new Glob(pattern).matches(text)).isEqualTo(expected);
    }

    @Test
    void aHostileTextTakesNoLongTime() {
        String text = "a".repeat(8000);

        assertThat(new Glob("*a*a*a*a*a*a*a*a*a*b").matches(text)).isFalse();
    }

    @Test
    void onlyAPatternWithoutStarsIsExact() {
        assertThat(new Glob("a").isExact()).isTrue();
        assertThat(new Glob("a*").isExact()).isFalse();
        assertThat(new Glob("*").matchesAll()).isTrue();
        assertThat(new Glob("**").matchesAll()).isFalse();
    }
}
