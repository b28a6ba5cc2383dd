package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.fleet.FailureWindow.Sums;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FailureWindowTest {

    /** Near the end of what a long holds, where sums of clocks go wrong. */
    private static final long START = Long.MAX_VALUE - 50;

    private final FailureWindow window = new FailureWindow(100, START);

    private static long at(int later) {
        return START + later;
    }

    @Test
    void requestsAndFailuresAreCounted() {
        window.add(true, START);
        window.add(false, at(5));
        window.add(true, at(95));

        assertThat(window.sums(at(99))).isEqualTo(new Sums(3, 2));
    }

    @Test
    void whatIsOlderThanTheWindowIsForgottenSlotBySlot() {
        window.add(true, START);
        window.add(true, at(10));
        window.add(false, at(20));

        assertThat(window.sums(at(100))).isEqualTo(new Sums(2, 1));
        assertThat(window.sums(at(110))).isEqualTo(new Sums(1, 0));
        assertThat(window.sums(at(120))).isEqualTo(new Sums(0, 0));
    }

    @Test
    void aSlotThatComesRoundAgainStartsFromNothing() {
        window.add(true, at(3));
        window.add(false, at(103));

        assertThat(window.sums(at(103))).isEqualTo(new Sums(1, 0));
        assertThat(window.sums(at(10_000))).isEqualTo(new Sums(0, 0));
    }

    @Test
    void clearForgetsEverything() {
        window.add(true, START);
        window.clear();

        assertThat(window.sums(START)).isEqualTo(new Sums(0, 0));
    }

    @Test
    void nothingIsLostWhenThreadsCountAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            boolean failing = i % 2 == 0;
            threads.add(new Thread(() -> {
                for (int n = 0; n < 50_000; n++) {
                    window.add(failing, at(n % 90));
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(window.sums(at(90))).isEqualTo(new Sums(200_000, 100_000));
    }
}
