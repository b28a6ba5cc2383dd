package io.penstock.router.config;

import java.util.List;

/**
 * A configuration that is refused as a whole, with every problem found in it. It is checked, so that a reload cannot
 * forget to keep the old configuration. Threading: immutable.
 */
public final class ConfigException extends Exception {

    private final List<ConfigProblem> problems;

    /** A refusal for these problems, at least one, in the order of the file. */
    public ConfigException(List<ConfigProblem> problems) {
        super(ConfigReport.of("configuration", problems));
        this.problems = List.copyOf(problems);
    }

    /** Every problem, in the order of the file. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
