package io.penstock.router.simulate;

import java.util.List;
import java.util.Map;

/**
 * A request as it reached the engine, for tests that ask what a proxy made of it. Threading: immutable.
 *
 * @param method the method
 * @param uri the target as it came
 * @param headers names and values in the order they came
 * @param body the body's bytes as ISO-8859-1, one character each
 */
public record ReceivedRequest(String method, String uri, List<Map.Entry<String, String>> headers, String body) {}
