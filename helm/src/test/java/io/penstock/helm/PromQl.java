package io.penstock.helm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of Prometheus' language asks for: which metrics, by which labels. It takes the expressions of this
 * folder apart, and refuses functions it has not heard of, so that a slip is noticed. Threading: immutable.
 *
 * @param selectors the metrics, each with the values its labels are matched against
 * @param grouping labels that {@code by}, {@code on} and their like name
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {

    /** One metric with the matchers of its labels: label to the quoted value, as written. */
    record Selector(String metric, Map<String, String> matchers) {}

    private static final Set<String> FUNCTIONS = Set.of(
            "sum",
            "min",
            "max",
            "count",
            "rate",
            "increase",
            "changes",
            "histogram_quantile",
            "absent",
            "scalar",
            "label_values");
    private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*\\]");
    private static final Pattern TOKEN = Pattern.compile("\"[^\"]*\"|[0-9.]+|[a-zA-Z_:][a-zA-Z0-9_:]*|[^\\s]");

    static PromQl parse(String expression) {
        List<String> tokens = tokens(RANGE.matcher(expression).replaceAll(""));
        requireBalance(expression, tokens);
        List<Selector> selectors = new ArrayList<>();
        Set<String> grouping = new TreeSet<>();
        int at = 0;
        while (at < tokens.size()) {
            String token = tokens.get(at);
            String next = tokens.size() > at + 1 ? tokens.get(at + 1) : "";
            boolean called = next.equals("(") || next.equals("by") || next.equals("without");
            int end = at + 1;
            if (GROUPINGS.contains(token) && called) {
                end = tokens.subList(at, tokens.size()).indexOf(")") + at;
                tokens.subList(at + 2, end).stream().filter(PromQl::isName).forEach(grouping::add);
            } else if (isName(token) && called && !OPERATORS.contains(token)) {
                require(FUNCTIONS.contains(token), "unknown function " + token, expression);
            } else if (isName(token) && !OPERATORS.contains(token)) {
                boolean matched = next.equals("{");
                end = matched ? tokens.subList(at, tokens.size()).indexOf("}") + at : end;
                selectors.add(new Selector(token, matched ? matchers(tokens.subList(at + 2, end)) : Map.of()));
                // the label that label_values() asks for is no metric
                end = token.startsWith("penstock") && isLabelOf(tokens, end) ? tokens.size() : end;
            }
            at = end;
        }
        return new PromQl(selectors, grouping);
    }

    private static boolean isLabelOf(List<String> tokens, int end) {
        return tokens.get(0).equals("label_values") && end < tokens.size();
    }

    private static Map<String, String> matchers(List<String> tokens) {
        Map<String, String> matchers = new LinkedHashMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (isName(tokens.get(i))) {
                int value = i;
                while (!tokens.get(value).startsWith("\"")) {
                    value++;
                }
                matchers.put(tokens.get(i), tokens.get(value).replace("\"", ""));
                i = value;
            }
        }
        return matchers;
    }

    private static boolean isName(String token) {
        return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_';
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    private static void requireBalance(String expression, List<String> tokens) {
        long open = tokens.stream().filter(token -> "({".contains(token)).count();
        long closed = tokens.stream().filter(token -> ")}".contains(token)).count();
        require(open == closed, "unbalanced", expression);
    }

    private static void require(boolean holds, String problem, String expression) {
        if (!holds) {
            throw new AssertionError(problem + " in " + expression);
        }
    }
}
