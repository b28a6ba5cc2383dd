package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTableTest {

    private static Scenario scenario(String name) {
        return Scenario.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(String scenario) {
        Map<String, Measurement> round = new LinkedHashMap<>();
        round.put("direct", SummaryTest.measurement(0, 100));
        round.put("router", SummaryTest.measurement(150_000, 150));
        round.put("haproxy", SummaryTest.measurement(100_000, 140));
        Summary summary = new Summary(scenario(scenario));
        summary.add(round);
        ReportTable table = new ReportTable();
        table.add(summary);
        return table.markdown().lines().toList();
    }

    private static List<String> cells(String line) {
        return List.of(line.substring(1, line.length() - 1).trim().split("\\s*\\|\\s*", -1));
    }

    @Test
    void pacedStreamsShowEverything() {
        List<String> lines = lines("slow");
        assertThat(cells(lines.get(3)))
                .containsExactly(
                        "slow", "router", "5000", "15.00", "1500.0", "1.50", "150", "50", "450", "150", "200.0", "200",
                        "8", "25", "3");
    }

    @Test
    void withoutAProxyThereAreOnlyTheDelaysToCompareWith() {
        assertThat(cells(lines("slow").get(2)))
                .containsExactly(
                        "slow", "direct", "5000", "-", "-", "-", "100", "-", "300", "-", "-", "-", "-", "25", "3");
    }

    @Test
    void aLoadWithoutPausesHasNoDelaysAndAnAnswerInOnePieceNoChunks() {
        assertThat(cells(lines("small").get(3)))
                .containsExactly(
                        "small", "router", "50", "-", "1500.0", "1.50", "-", "-", "-", "-", "-", "200", "8", "25", "3");
    }

    @Test
    void allLinesAreOfOneWidthAndTheSecondMakesItMarkdown() {
        List<String> lines = lines("slow");
        assertThat(lines)
                .hasSize(5)
                .allMatch(line -> line.length() == lines.get(0).length());
        assertThat(cells(lines.get(1))).allMatch(cell -> cell.matches("-+:"));
    }
}
