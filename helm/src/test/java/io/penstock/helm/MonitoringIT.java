package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.helm.PromQl.Selector;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every expression of the rules and the dashboard to what a running router exports. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MonitoringIT {

    /** Labels that Prometheus adds when it scrapes. */
    private static final Set<String> SCRAPED = Set.of("instance", "job", "namespace", "pod");

    private static final Pattern SHOWN = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?([a-z_]+) *\\}\\}");

    /** Metrics without a series in this test, so that their labels are not looked at. */
    private static final Set<String> WITHOUT_SERIES =
            Set.of("penstock_client_connections_refused_total", "penstock_wait_seconds_bucket");

    private final Monitoring monitoring = new Monitoring();
    private Scrape scrape = new Scrape(Map.of(), Map.of(), Set.of());

    @BeforeAll
    void aRouterServesAndIsScraped(@TempDir Path folder) throws Exception {
        scrape = new ScrapedRouter().scrape(folder);
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyMetricIsExportedOrRecorded(String where, String expression) {
        Set<String> recorded = monitoring.recorded().keySet();
        PromQl asked = PromQl.parse(expression);
        assertThat(asked.selectors()).as(where).isNotEmpty();
        assertThat(asked.selectors())
                .as(where)
                .allSatisfy(
                        selector -> assertThat(scrape.has(selector.metric()) || recorded.contains(selector.metric()))
                                .as(selector.metric())
                                .isTrue());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyMetricHasASeriesWhoseLabelsCanBeLookedAt(String where, String expression) {
        assertThat(PromQl.parse(expression).selectors())
                .as(where)
                .extracting(Selector::metric)
                .filteredOn(metric -> scrape.has(metric) && !WITHOUT_SERIES.contains(metric))
                .allMatch(scrape::hasSeries);
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyLabelThatIsMatchedOrGroupedByIsThere(String where, String expression) {
        PromQl asked = PromQl.parse(expression);
        for (Selector selector : asked.selectors()) {
            assertThat(selector.matchers().keySet())
                    .as(where)
                    .allMatch(label -> SCRAPED.contains(label) || hasLabel(selector.metric(), label));
        }
        assertThat(asked.grouping())
                .as(where)
                .allMatch(label -> SCRAPED.contains(label)
                        || asked.selectors().stream().anyMatch(selector -> hasLabel(selector.metric(), label)));
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void everyStateAndFailureThatIsMatchedExists(String where, String expression) {
        Set<String> failures = Stream.concat(
                        Stream.of("none"), Arrays.stream(FailureKind.values()).map(FailureKind::label))
                .collect(Collectors.toSet());
        Set<String> states = Objects.requireNonNull(scrape.values().get("state"));
        for (Selector selector : PromQl.parse(expression).selectors()) {
            selector.matchers().forEach((label, value) -> {
                Set<String> there = label.equals("failure") ? failures : label.equals("state") ? states : Set.of();
                if (!there.isEmpty()) {
                    assertThat(there).as(where).containsAll(List.of(value.split("\\|", -1)));
                }
            });
        }
    }

    /** A new kind of failure is either the client's fault, and added to the rule, or an alert sees it. */
    @Test
    void theRuleOfFailuresLeavesOutThoseOfClientsAndNoOthers() {
        String expression = Objects.requireNonNull(monitoring.recorded().get("penstock:failures:rate5m"));
        Set<String> leftOut = Arrays.stream(FailureKind.values())
                .filter(kind -> kind.fault() == Fault.CLIENT)
                .map(FailureKind::label)
                .collect(Collectors.toCollection(TreeSet::new));
        leftOut.add("none");
        String matched = Objects.requireNonNull(
                PromQl.parse(expression).selectors().get(0).matchers().get("failure"));
        assertThat(new TreeSet<>(List.of(matched.split("\\|", -1)))).isEqualTo(leftOut);
    }

    @Test
    void everyLabelThatAnAlertNamesIsInItsResult() {
        assertThat(monitoring.alerts()).isNotEmpty().allSatisfy(alert -> {
            Set<String> there = resultLabels(alert.path("expr").asText());
            assertThat(shown(alert.path("annotations").toString())).isSubsetOf(there);
            assertThat(alert.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        });
    }

    @Test
    void everyLabelThatALegendNamesIsInItsResult() {
        for (JsonNode panel : monitoring.panels()) {
            for (JsonNode target : panel.path("targets")) {
                assertThat(shown(target.path("legendFormat").asText()))
                        .as(panel.path("title").asText())
                        .isSubsetOf(resultLabels(target.path("expr").asText()));
            }
        }
    }

    @Test
    void panelsStandBesideEachOther() {
        Set<Integer> ids = new TreeSet<>();
        Set<String> cells = new TreeSet<>();
        for (JsonNode panel : monitoring.panels()) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(cellsOf(panel.path("gridPos")))
                    .as("%s", panel.path("title"))
                    .allMatch(cells::add);
        }
    }

    @Test
    void namesOfAlertsAndRecordsAreUnique() {
        assertThat(monitoring.alerts().stream().map(alert -> alert.path("alert").asText()))
                .doesNotHaveDuplicates();
        assertThat(monitoring.rules().findValuesAsText("record")).doesNotHaveDuplicates();
    }

    List<Object[]> expressions() {
        return new LinkedHashMap<>(monitoring.expressions())
                .entrySet().stream()
                        .map(entry -> new Object[] {entry.getKey(), entry.getValue()})
                        .toList();
    }

    /** The labels of a metric, or what a recorded one is grouped by. */
    private boolean hasLabel(String metric, String label) {
        String recorded = monitoring.recorded().get(metric);
        return recorded == null
                ? scrape.has(metric, label)
                : PromQl.parse(recorded).grouping().contains(label);
    }

    /** At least the labels that a result can have; without a grouping, those of its metrics. */
    private Set<String> resultLabels(String expression) {
        PromQl asked = PromQl.parse(expression);
        Set<String> there = new TreeSet<>(asked.grouping());
        there.addAll(SCRAPED);
        for (Selector selector : asked.selectors()) {
            String recorded = monitoring.recorded().get(selector.metric());
            if (recorded != null) {
                there.addAll(PromQl.parse(recorded).grouping());
            }
        }
        return there;
    }

    private static Set<String> cellsOf(JsonNode at) {
        Set<String> cells = new TreeSet<>();
        int right = at.path("x").asInt() + at.path("w").asInt();
        int below = at.path("y").asInt() + at.path("h").asInt();
        assertThat(right).isLessThanOrEqualTo(24);
        for (int x = at.path("x").asInt(); x < right; x++) {
            for (int y = at.path("y").asInt(); y < below; y++) {
                cells.add(x + " " + y);
            }
        }
        return cells;
    }

    private static Set<String> shown(String text) {
        Matcher matcher = SHOWN.matcher(text);
        Set<String> shown = new TreeSet<>();
        while (matcher.find()) {
            shown.add(matcher.group(1));
        }
        return shown;
    }
}
