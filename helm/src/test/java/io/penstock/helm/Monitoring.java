package io.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules and the dashboard of the chart, as they lie in its files. Threading: the test's thread. */
final class Monitoring {

    private final JsonNode rules = Chart.documents(file("rules.yaml")).get(0);
    private final JsonNode dashboard = Chart.documents(file("dashboard.json")).get(0);

    private static String file(String name) {
        return Chart.text(Chart.folder().resolve("penstock/files").resolve(name));
    }

    JsonNode rules() {
        return rules;
    }

    JsonNode dashboard() {
        return dashboard;
    }

    /** Every recorded name with its expression. */
    Map<String, String> recorded() {
        Map<String, String> recorded = new LinkedHashMap<>();
        each(rules.findValues("rules")).stream()
                .filter(rule -> rule.has("record"))
                .forEach(rule -> recorded.put(
                        rule.path("record").asText(), rule.path("expr").asText()));
        return recorded;
    }

    List<JsonNode> alerts() {
        return each(rules.findValues("rules")).stream()
                .filter(rule -> rule.has("alert"))
                .toList();
    }

    List<JsonNode> panels() {
        return each(List.of(dashboard.path("panels")));
    }

    /** Every expression there is, with where it stands. */
    Map<String, String> expressions() {
        Map<String, String> all = new LinkedHashMap<>(recorded());
        alerts().forEach(alert ->
                all.put(alert.path("alert").asText(), alert.path("expr").asText()));
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                all.put(
                        panel.path("title").asText() + " "
                                + target.path("refId").asText(),
                        target.path("expr").asText());
            }
        }
        for (JsonNode variable : dashboard.at("/templating/list")) {
            String query = variable.path("query").asText();
            if (query.contains("(")) {
                all.put("variable " + variable.path("name").asText(), query);
            }
        }
        for (JsonNode annotation : dashboard.at("/annotations/list")) {
            all.put(annotation.path("name").asText(), annotation.path("expr").asText());
        }
        return all;
    }

    private static List<JsonNode> each(List<JsonNode> lists) {
        List<JsonNode> all = new ArrayList<>();
        lists.forEach(list -> list.forEach(all::add));
        return all;
    }
}
