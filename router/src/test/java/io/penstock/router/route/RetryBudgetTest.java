package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

    private static long spendAll(RetryBudget budget) {
        return IntStream.range(0, 1_000).filter(i -> budget.spend()).count();
    }

    private static void earn(RetryBudget budget, int requests) {
        IntStream.range(0, requests).forEach(i -> budget.earn());
    }

    @Test
    void aRouteMayRetryTenTimesBeforeItHasEarnedAnything() {
        assertThat(spendAll(new RetryBudget(0.2))).isEqualTo(10);
    }

    @Test
    void aShareOfTheRequestsMayBeRetried() {
        var budget = new RetryBudget(0.2);
        spendAll(budget);
        earn(budget, 50);
        assertThat(spendAll(budget)).isEqualTo(10);
    }

    @Test
    void whatIsUnusedIsKeptUpToAHundredRetries() {
        var budget = new RetryBudget(1.0);
        earn(budget, 10_000);
        assertThat(spendAll(budget)).isEqualTo(100);
    }

    @Test
    void aShareOfNothingAllowsNothing() {
        var budget = new RetryBudget(0.0);
        earn(budget, 10_000);
        assertThat(spendAll(budget)).isZero();
    }
}
