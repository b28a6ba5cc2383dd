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
 * @param labels each name that can be asked for, with the labels its series have; none yet if there is no series
 * @param values the values a label has anywhere
 * @param series the names that have a series
 */
record Scrape(Map<String, Set<String>> labels, Map<String, Set<String>> values, Set<String> series) {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape parse(String text) {
        Map<String, Set<String>> labels = new HashMap<>();
        Map<String, Set<String>> values = new HashMap<>();
        Set<String> series = new TreeSet<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                names(type.group(1), type.group(2)).forEach(name -> labels.putIfAbsent(name, new TreeSet<>()));
            } else if (sample.matches()) {
                series.add(sample.group(1));
                Matcher label = LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""));
                while (label.find()) {
                    labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>())
                            .add(label.group(1));
                    values.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2));
                }
            }
        });
        return new Scrape(labels, values, series);
    }

    boolean has(String metric) {
        return labels.containsKey(metric);
    }

    boolean hasSeries(String metric) {
        return series.contains(metric);
    }

    /** Whether the series of the metric have the label, as far as there are any. */
    boolean has(String metric, String label) {
        return !hasSeries(metric) || labels.getOrDefault(metric, Set.of()).contains(label);
    }

    private static Set<String> names(String family, String type) {
        return switch (type) {
            case "histogram" -> Set.of(family + "_bucket", family + "_sum", family + "_count");
            case "summary" -> Set.of(family, family + "_sum", family + "_count");
            default -> Set.of(family);
        };
    }
}
