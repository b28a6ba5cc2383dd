package io.penstock.helm;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a router exports, as its {@code /metrics} has it. Threading: immutable.
 *
 * @param names every name that can be asked for, with or without a series
 * @param series the names that have a series, each with its labels and the values these have
 */
record Scrape(Set<String> names, Map<String, Map<String, Set<String>>> series) {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape parse(String text) {
        Set<String> names = new TreeSet<>();
        Map<String, Map<String, Set<String>>> series = new HashMap<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                names.addAll(names(type.group(1), type.group(2)));
            } else if (sample.matches()) {
                var labels = series.computeIfAbsent(sample.group(1), name -> new HashMap<>());
                Matcher label = LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""));
                while (label.find()) {
                    labels.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2));
                }
            }
        });
        return new Scrape(names, series);
    }

    boolean has(String metric) {
        return names.contains(metric);
    }

    boolean hasSeries(String metric) {
        return series.containsKey(metric);
    }

    boolean hasLabel(String metric, String label) {
        return series.getOrDefault(metric, Map.of()).containsKey(label);
    }

    /** The values that a label of the metric has in some series. */
    Set<String> values(String metric, String label) {
        return series.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
    }

    private static Set<String> names(String family, String type) {
        return switch (type) {
            case "histogram" -> Set.of(family + "_bucket", family + "_sum", family + "_count");
            case "summary" -> Set.of(family, family + "_sum", family + "_count");
            default -> Set.of(family);
        };
    }
}
