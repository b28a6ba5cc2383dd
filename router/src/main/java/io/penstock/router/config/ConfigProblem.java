package io.penstock.router.config;

/**
 * One thing that is wrong with a configuration. Threading: immutable.
 *
 * @param line counted from 1; 0 where the configuration did not come from a file
 * @param column counted from 1 in characters; 0 where the configuration did not come from a file
 * @param key the path of the key, such as {@code pools[0].policy.loadBound}; empty for the file as a whole
 * @param message what is wrong, and what is allowed instead
 */
public record ConfigProblem(int line, int column, String key, String message) {}
