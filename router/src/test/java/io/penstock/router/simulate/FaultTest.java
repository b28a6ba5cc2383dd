package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultTest {

    @Test
    void wordsAddUp() {
        Fault fault = Fault.parse("delay=500ms, cut-after=3; trickle");
        assertThat(fault.delay()).isEqualTo(Duration.ofMillis(500));
        assertThat(fault.breakage()).isEqualTo(Fault.Breakage.CUT);
        assertThat(fault.after()).isEqualTo(3);
        assertThat(fault.trickle()).isTrue();
    }

    @Test
    void aStatusMayHaveARetryAfter() {
        Fault fault = Fault.parse("status=503, retry-after=7");
        assertThat(fault.status()).isEqualTo(503);
        assertThat(fault.retryAfter()).isEqualTo("7");
    }

    @Test
    void noListIsNoFault() {
        assertThat(Fault.parse(null)).isSameAs(Fault.NONE);
        assertThat(Fault.parse(" ")).isSameAs(Fault.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explode", "status=200", "status=x", "cut-after=-1", "cut-after", "delay=5", "trickle,"})
    void unknownWordsAndNumbersAreNamed(String list) {
        assertThatThrownBy(() -> Fault.parse(list)).isInstanceOf(IllegalArgumentException.class);
    }
}
