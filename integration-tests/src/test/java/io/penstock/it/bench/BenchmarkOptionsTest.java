package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchmarkOptionsTest {

    @Test
    void withoutArgumentsEverythingIsMeasured() {
        BenchmarkOptions options = BenchmarkOptions.parse("");
        assertThat(options.scenarios()).isEqualTo(Scenario.all());
        assertThat(options.peersOf(options.scenarios().get(0))).containsExactly("direct", "router", "haproxy");
        assertThat(options.rounds()).isEqualTo(3);
    }

    @Test
    void oneArgumentMayHoldSeveral() {
        BenchmarkOptions options = BenchmarkOptions.parse("--scenarios small,slow  --rounds 5", "--seconds", "2");
        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("slow", "small");
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.window()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void numbersOfStreamsAndTokensChangeStreamsOnly() {
        BenchmarkOptions options = BenchmarkOptions.parse("--streams 7 --tokens 9 --scenarios slow,small");
        assertThat(options.scenarios().get(0).shape()).isEqualTo(new Scenario.Shape(7, true, 9, 1000));
        assertThat(options.scenarios().get(1).shape().connections()).isEqualTo(64);
    }

    @Test
    void aPeerThatIsNotInstalledCanBeLeftOut() {
        BenchmarkOptions options = BenchmarkOptions.parse().withoutHaproxy();
        assertThat(options.peersOf(options.scenarios().get(0))).containsExactly("direct", "router");
    }

    @Test
    void theStreamIntervalIsMeasuredWhereItIsAskedFor() {
        BenchmarkOptions options = BenchmarkOptions.parse("--scenarios batch,merge");
        assertThat(options.scenarios()).extracting(Scenario::name).containsExactly("batch", "merge");
        assertThat(options.peersOf(options.scenarios().get(0)))
                .containsExactly("direct", "router", "batch-4", "batch-8", "batch-16");
        BenchmarkOptions one = BenchmarkOptions.parse("--scenarios merge --peers router,merge-12");
        assertThat(one.peersOf(one.scenarios().get(0))).containsExactly("router", "merge-12");
    }

    @ParameterizedTest
    @CsvSource({
        "--rounds zero,     'zero' is no number",
        "--rounds 0,        at least 1",
        "--peers nginx,     not a list of direct",
        "--scenarios quick, not a list of slow",
        "--round 3,         unknown option --round",
        "--rounds,          without a value",
    })
    void whatCannotBeIsRefused(String arguments, String problem) {
        assertThatThrownBy(() -> BenchmarkOptions.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }
}
