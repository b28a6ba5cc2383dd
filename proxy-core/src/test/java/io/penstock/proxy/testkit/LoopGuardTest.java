package io.penstock.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.runtime.EventLoops;
import org.junit.jupiter.api.Test;

/** The guard finds a blocking call where BlockHound is on, and nothing where it is not. */
final class LoopGuardTest {

    @Test
    void aBlockingCallOnALoopIsFoundWhereTheGuardIsOn() throws Exception {
        try (EventLoops loops = new EventLoops("blocking", 1)) {
            loops.group().next().submit(LoopGuardTest::block).get();
        }
        assertThat(!LoopGuard.take().isEmpty()).isEqualTo(LoopGuard.isOn());
    }

    private static Object block() throws InterruptedException {
        Thread.sleep(1);
        return "slept";
    }
}
