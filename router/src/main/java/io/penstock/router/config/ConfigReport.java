package io.penstock.router.config;

import java.util.List;
import java.util.stream.Collectors;

/** Problems as an operator reads them: one line each, in the form editors and terminals jump to. Threading: immutable. */
public final class ConfigReport {

    private ConfigReport() {}

    /**
     * One line for each problem, such as {@code conf/penstock.yaml:12:7: pools[0].policy.loadBound: 0.5 is below the
     * minimum 1.0}; without a line feed at the end.
     *
     * @param file the file's name as the operator gave it
     */
    public static String of(String file, List<ConfigProblem> problems) {
        return problems.stream().map(problem -> line(file, problem)).collect(Collectors.joining("\n"));
    }

    private static String line(String file, ConfigProblem problem) {
        String position = problem.line() > 0 ? ":" + problem.line() + ":" + problem.column() : "";
        String key = problem.key().isEmpty() ? "" : problem.key() + ": ";
        return file + position + ": " + key + problem.message();
    }
}
