package io.penstock.router.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known about one file while it is loaded: where each key stands, which values had to be made up because the
 * written ones were refused, and every problem. Checks across keys ask {@link #sound} first, so that one mistake is not
 * reported twice. Threading: confined to one load.
 */
final class Findings {

    private static final Comparator<ConfigProblem> IN_ORDER =
            Comparator.comparingInt(ConfigProblem::line).thenComparingInt(ConfigProblem::column);

    private static final int LONGEST = 2_000;

    private final Map<String, Position> positions = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** Remembers where the value of {@code path} stands. */
    void place(String path, Position position) {
        positions.putIfAbsent(path, position);
    }

    /** Reports a problem that leaves no value for {@code path}. */
    void refuse(String path, Position position, String message) {
        refused.add(path);
        report(path, position, message);
    }

    /** Reports a problem at a place; what it repeats of the file is kept to one line of bounded length. */
    void report(String path, Position position, String message) {
        problems.add(new ConfigProblem(position.line(), position.column(), clean(path), clean(message)));
    }

    /** Reports a problem with the value of {@code path}, where it or the nearest section around it stands. */
    void report(String path, String message) {
        report(path, positionOf(path), message);
    }

    /** True if the value of {@code path} is the written one or its default, and not made up after a refusal. */
    boolean sound(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            if (refused.contains(at)) {
                return false;
            }
        }
        return !refused.contains("");
    }

    /** Every problem, in the order of the file. */
    List<ConfigProblem> problems() {
        return problems.stream().sorted(IN_ORDER).toList();
    }

    private Position positionOf(String path) {
        String at = path;
        while (!at.isEmpty() && !positions.containsKey(at)) {
            at = parent(at);
        }
        return positions.getOrDefault(at, Position.START);
    }

    private static String clean(String text) {
        String bounded = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return bounded.replaceAll("\\p{Cntrl}", "?");
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
