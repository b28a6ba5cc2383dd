package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigReportTest {

    @Test
    void eachProblemIsOneLineThatEditorsJumpTo() {
        List<ConfigProblem> problems = List.of(
                new ConfigProblem(12, 7, "pools[0].name", "is odd"), new ConfigProblem(13, 1, "", "ends early"));

        assertThat(ConfigReport.of("conf/penstock.yaml", problems)).isEqualTo("""
                conf/penstock.yaml:12:7: pools[0].name: is odd
                conf/penstock.yaml:13:1: ends early""");
    }

    @Test
    void aProblemWithoutAPlaceHasNone() {
        assertThat(ConfigReport.of("--engines", List.of(new ConfigProblem(0, 0, "k", "is odd"))))
                .isEqualTo("--engines: k: is odd");
    }
}
