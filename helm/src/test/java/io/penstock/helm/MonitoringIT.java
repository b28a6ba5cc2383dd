package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.helm.PromQl.Selector;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import io.penstock.router.metrics.MetricNames;
import java.lang.reflect.Field;
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

    private static final Pattern ALERT = Pattern.compile("Penstock[A-Z][A-Za-z]+");
    private static final Pattern SHOWN = Pattern.compile("\\{\\{ *(?:\\$labels\\.)?([a-z_]+) *\\}\\}");

    /** Metrics that neither a rule nor a panel shows, as others beside them tell the same. */
    private static final Set<String> NOT_SHOWN = Set.of("penstock_offload_submitted_total");

    private final Monitoring monitoring = new Monitoring();
    private Scrape scrape = new Scrape(Set.of(), Map.of());

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
                .filteredOn(scrape::has)
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
    void everyValueThatIsMatchedIsOneTheLabelCanHave(String where, String expression) {
        for (Selector selector : PromQl.parse(expression).selectors()) {
            selector.matchers().forEach((label, matched) -> {
                if (!matched.startsWith("$")) {
                    assertThat(possible(selector.metric(), label))
                            .as(where + ": " + label)
                            .containsAll(List.of(matched.split("\\|", -1)));
                }
            });
        }
    }

    @Test
    void everyMetricIsShownByAPanelOrARule() {
        Set<String> asked = monitoring.expressions().values().stream()
                .flatMap(expression -> PromQl.parse(expression).selectors().stream())
                .map(selector -> selector.metric().replaceAll("_(bucket|sum|count)$", ""))
                .collect(Collectors.toSet());
        assertThat(Arrays.stream(MetricNames.class.getFields())
                        .map(MonitoringIT::value)
                        .filter(name -> !asked.contains(name)))
                .containsExactlyInAnyOrderElementsOf(NOT_SHOWN);
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
    void everyAlertStandsOnTheChartsPageAndNoOther() {
        Matcher matcher = ALERT.matcher(Chart.text(Chart.folder().resolve("../docs/kubernetes.md")));
        Set<String> explained = new TreeSet<>();
        while (matcher.find()) {
            explained.add(matcher.group());
        }
        assertThat(monitoring.alerts().stream().map(alert -> alert.path("alert").asText()))
                .containsExactlyInAnyOrderElementsOf(explained);
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
                ? scrape.hasLabel(metric, label)
                : PromQl.parse(recorded).grouping().contains(label);
    }

    /** The values of a label: all kinds of failure and states, though few of them happened here, else those of the scrape. */
    private Set<String> possible(String metric, String label) {
        String recorded = monitoring.recorded().get(metric);
        if (recorded != null) {
            return PromQl.parse(recorded).selectors().stream()
                    .flatMap(selector -> possible(selector.metric(), label).stream())
                    .collect(Collectors.toSet());
        }
        if (label.equals("failure")) {
            return Stream.concat(
                            Stream.of("none"),
                            Arrays.stream(FailureKind.values()).map(FailureKind::label))
                    .collect(Collectors.toSet());
        }
        return scrape.values(label.equals("state") ? MetricNames.ENGINE_STATE : metric, label);
    }

    private static String value(Field constant) {
        try {
            return (String) Objects.requireNonNull(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
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
