package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A small fault run; {@code CONTRIBUTING.md} has the command for the large one. */
final class FaultRunIT {

    @Test
    void everyStreamIsCompleteOrEndsHonestlyAndNothingIsLeft() throws Exception {
        FaultRun run = new FaultRun(300, 7);
        run.run();
        run.print(System.out);
        assertThat(run.violations()).isEmpty();
        assertThat(run.ended(FaultStream.End.COMPLETE)).isGreaterThan(100);
        assertThat(run.taken()).isPositive();
        assertThat(run.refused()).isPositive();
    }
}
