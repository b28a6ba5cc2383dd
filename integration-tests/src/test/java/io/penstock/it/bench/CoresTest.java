package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CoresTest {

    @Test
    void rangesAndSingleNumbersAreListed() {
        assertThat(Cores.list("0-3,8,10-11")).containsExactly(0, 1, 2, 3, 8, 10, 11);
        assertThat(Cores.list("5")).containsExactly(5);
    }

    @Test
    void theProxyGetsTheLastProcessorAndTheRestIsForTheOthers() {
        Cores cores = Cores.split("0-2,7", true);
        assertThat(cores.proxyPrefix()).containsExactly("taskset", "-c", "7");
        assertThat(cores.others()).isEqualTo("0,1,2");
    }

    @Test
    void oneProcessorOrNoTasksetMeansNothingIsPinned() {
        assertThat(Cores.split("4", true).pinned()).isFalse();
        assertThat(Cores.split("0-1", false).pinned()).isFalse();
        assertThat(Cores.split("0-1", false).proxyPrefix()).isEmpty();
    }
}
