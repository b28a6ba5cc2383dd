package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionEndTest {

    private static final int LINGER_SECONDS = 1;
    private static final int LONGEST_LINGER_SECONDS = 30;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ConnectionEnd end = new ConnectionEnd(channel, Duration.ofSeconds(75), Ticker.system());

    @BeforeEach
    void stopTheClock() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientThatSentItsWholeRequestIsNotWaitedFor() {
        end.afterResponse(channel.newSucceededFuture(), true);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClientThatSendsNoMoreIsGivenAMoment() {
        end.afterResponse(channel.newSucceededFuture(), false);
        assertThat(channel.isOpen()).isTrue();
        secondsPass(LINGER_SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClientThatStillSendsIsWaitedForUntilItStops() {
        end.afterResponse(channel.newSucceededFuture(), false);
        for (int i = 0; i < 10; i++) {
            end.stillSending();
            secondsPass(LINGER_SECONDS);
            assertThat(channel.isOpen()).isTrue();
        }
        secondsPass(LINGER_SECONDS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aClientThatNeverStopsSendingIsCutOff() {
        end.afterResponse(channel.newSucceededFuture(), false);
        for (int i = 1; i < LONGEST_LINGER_SECONDS; i++) {
            end.stillSending();
            secondsPass(1);
            assertThat(channel.isOpen()).isTrue();
        }
        end.stillSending();
        secondsPass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aConnectionThatEndsWhileItLingersLeavesNoTimer() {
        end.afterResponse(channel.newSucceededFuture(), false);
        end.over();
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    private void secondsPass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
