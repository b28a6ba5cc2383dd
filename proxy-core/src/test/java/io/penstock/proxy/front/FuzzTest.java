package io.penstock.proxy.front;

import io.penstock.proxy.testkit.Mutations;
import io.penstock.proxy.testkit.WireCase;
import io.penstock.proxy.testkit.WireCorpus;
import org.junit.jupiter.api.Test;

/** The short run of the fuzz target here. */
final class FuzzTest {

    @Test
    void damagedRequestsAreSeenTheSameHoweverTheyAreCut() {
        Mutations.run(
                1,
                4000,
                WireCorpus.requests().stream().map(WireCase::bytes).toList(),
                RequestsFuzz::fuzzerTestOneInput);
    }
}
