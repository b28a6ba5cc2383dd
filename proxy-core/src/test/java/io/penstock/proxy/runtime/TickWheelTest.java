package io.penstock.proxy.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TickWheelTest {

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final TickWheel wheel = new TickWheel(channel.eventLoop(), ticker::nanoTime, 1_000_000);
    private final List<String> fired = new ArrayList<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void nothingFiresBeforeItsTimeAndAllWithinAMillisecond() {
        wheel.add(entry("a", 2_300_000));
        advanceMicros(2_299);
        assertThat(fired).isEmpty();
        advanceMicros(701);
        assertThat(fired).containsExactly("a");
    }

    @Test
    void entriesFireInTheOrderOfTheirTicks() {
        wheel.add(entry("late", 9_000_000));
        wheel.add(entry("early", 2_000_000));
        wheel.add(entry("early too", 2_000_000));
        for (int i = 0; i < 10; i++) {
            advanceMicros(1000);
        }
        assertThat(fired).containsExactly("early", "early too", "late");
    }

    @Test
    void whatIsDueAlreadyFiresAtTheNextTick() {
        advanceMicros(50_000);
        wheel.add(entry("past", 1));
        advanceMicros(1000);
        assertThat(fired).containsExactly("past");
    }

    @Test
    void timesBeyondOneTurnOfTheWheelWork() {
        wheel.add(entry("far", 5_000_000_000L));
        for (int i = 0; i < 4_999; i++) {
            advanceMicros(1000);
        }
        assertThat(fired).isEmpty();
        advanceMicros(1000);
        assertThat(fired).containsExactly("far");
    }

    @Test
    void aLoopThatWasBusyForLongCatchesUpAtOnce() {
        for (int i = 1; i <= 2000; i++) {
            wheel.add(entry("entry", i * 1_000_000L));
        }
        advanceMicros(3_000_000);
        assertThat(fired).hasSize(2000);
    }

    @Test
    void anEntryMayAddItselfAgain() {
        wheel.add(new Repeating());
        for (int i = 0; i < 30; i++) {
            advanceMicros(1000);
        }
        assertThat(fired).hasSize(6);
    }

    @Test
    void anEntryThatFailsKeepsNoOtherWaiting() {
        wheel.add(new Failing());
        wheel.add(entry("same tick", 2_000_000));
        wheel.add(entry("next tick", 3_000_000));
        wheel.add(entry("later", 9_000_000));
        for (int i = 0; i < 10; i++) {
            advanceMicros(1000);
        }
        assertThat(fired).containsExactly("same tick", "next tick", "later");
    }

    @Test
    void oneTaskIsScheduledForAll() {
        for (int i = 0; i < 100; i++) {
            wheel.add(entry("entry", 5_000_000));
        }
        advanceMicros(5_000);
        assertThat(fired).hasSize(100);
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }

    private void advanceMicros(long micros) {
        ticker.advance(micros, TimeUnit.MICROSECONDS);
        channel.runScheduledPendingTasks();
    }

    private TickWheel.Timed entry(String name, long afterNanos) {
        long due = ticker.initialNanoTime() + afterNanos;
        return new TickWheel.Timed() {
            @Override
            public long dueNanos() {
                return due;
            }

            @Override
            public void fire(long nowNanos) {
                assertThat(nowNanos).isGreaterThanOrEqualTo(due);
                fired.add(name);
            }
        };
    }

    /** Fails when its time has come. */
    private final class Failing implements TickWheel.Timed {
        private final long due = ticker.nanoTime() + 2_000_000;

        @Override
        public long dueNanos() {
            return due;
        }

        @Override
        public void fire(long nowNanos) {
            throw new IllegalStateException("no memory");
        }
    }

    /** Fires every five milliseconds. */
    private final class Repeating implements TickWheel.Timed {
        private long due = ticker.nanoTime() + 5_000_000;

        @Override
        public long dueNanos() {
            return due;
        }

        @Override
        public void fire(long nowNanos) {
            fired.add("again");
            due += 5_000_000;
            wheel.add(this);
        }
    }
}
