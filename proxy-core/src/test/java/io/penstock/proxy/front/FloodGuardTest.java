package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.testkit.ManualTicker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FloodGuardTest {

    private final ManualTicker ticker = new ManualTicker();
    private final FloodGuard floods = new FloodGuard(ticker, 10);

    @Test
    void countsBeginAgainAfterTheirTime() throws FloodException {
        for (int window = 0; window < 3; window++) {
            for (int i = 0; i < FloodGuard.SETTINGS; i++) {
                floods.settings(true);
            }
            ticker.advance(Duration.ofSeconds(FloodGuard.WINDOW_SECONDS).plusNanos(1));
        }
    }

    @Test
    void oneTooManyIsAFlood() throws FloodException {
        for (int i = 0; i < FloodGuard.MIN_RESETS; i++) {
            floods.reset();
            floods.streamError();
        }
        assertThatThrownBy(floods::reset)
                .isInstanceOfSatisfying(
                        FloodException.class,
                        flood -> assertThat(flood.kind()).isEqualTo(ClientProtocolError.RESET_FLOOD));
        assertThatThrownBy(floods::streamError).isInstanceOf(FloodException.class);
    }

    @Test
    void aConnectionOfManyStreamsMayResetThemAllTwice() throws FloodException {
        var many = new FloodGuard(ticker, 1_000);
        for (int i = 0; i < 2_000; i++) {
            many.reset();
        }
        assertThatThrownBy(many::reset).isInstanceOf(FloodException.class);
    }

    @Test
    void answersToAClientThatDoesNotReadCountTenfold() throws FloodException {
        for (int i = 0; i < FloodGuard.PINGS / FloodGuard.UNREAD_ANSWER; i++) {
            floods.ping(false);
        }
        assertThatThrownBy(() -> floods.ping(true)).isInstanceOf(FloodException.class);
    }

    @Test
    void windowUpdatesAreEarnedByData() throws FloodException {
        for (int i = 0; i < 10_000; i++) {
            floods.dataSent(100);
        }
        for (int i = 0; i < 10 * 10_000; i++) {
            floods.windowUpdate();
        }
    }
}
