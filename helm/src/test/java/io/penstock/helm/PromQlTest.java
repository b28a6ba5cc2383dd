package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.helm.PromQl.Selector;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without these, {@link MonitoringIT} might look for nothing. */
final class PromQlTest {

    @Test
    void metricsMatchersAndGroupingsAreFound() {
        PromQl found = PromQl.parse(
                "histogram_quantile(0.95, sum by (pool, le) (rate(a_b_bucket{pool=~\"x|y\",c!=\"d\"}[5m]))) > 0.5 and on (instance) e");
        assertThat(found.selectors())
                .containsExactly(
                        new Selector("a_b_bucket", Map.of("pool", "x|y", "c", "d")), new Selector("e", Map.of()));
        assertThat(found.grouping()).containsExactly("instance", "le", "pool");
    }

    @Test
    void rangesOfGrafanaAndNamesOfRulesAreTakenAsTheyAre() {
        PromQl found = PromQl.parse("sum(rate(a_total[$__rate_interval])) / scalar(count(b:c:rate5m)) > 7 * 86400");
        assertThat(found.selectors()).extracting(Selector::metric).containsExactly("a_total", "b:c:rate5m");
    }

    @Test
    void theLabelOfAVariableIsNoMetric() {
        PromQl found = PromQl.parse("label_values(penstock_x{namespace=~\"$namespace\"}, pool)");
        assertThat(found.selectors()).extracting(Selector::metric).containsExactly("penstock_x");
    }

    @Test
    void slipsAreNoticed() {
        assertThatThrownBy(() -> PromQl.parse("summ(a)")).hasMessageContaining("unknown function summ");
        assertThatThrownBy(() -> PromQl.parse("sum(a")).hasMessageContaining("unbalanced");
    }
}
