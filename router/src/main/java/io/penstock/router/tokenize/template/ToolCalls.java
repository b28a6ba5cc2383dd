package io.penstock.router.tokenize.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tools and their calls, with the fields vLLM keeps in the order it has them after reading a request: a template that dumps them as JSON
 * shows that order.
 *
 * <p>Threading: pure functions.
 */
final class ToolCalls {

    private ToolCalls() {}

    /** A call of an assistant; its arguments as an object, empty where they are none. */
    static Map<String, @Nullable Object> call(@Nullable Object call) {
        if (!(call instanceof Map<?, ?> fields) || !(fields.get("function") instanceof Map<?, ?> function)) {
            throw ChatPrompt.refused("a tool call is not an object with a function");
        }
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        keep(fields, "id", kept);
        Map<String, @Nullable Object> called = new LinkedHashMap<>();
        called.put("arguments", arguments(function.get("arguments")));
        keep(function, "name", called);
        kept.put("function", called);
        keep(fields, "type", kept);
        return kept;
    }

    private static Map<?, ?> arguments(@Nullable Object arguments) {
        if (arguments instanceof Map<?, ?> map) {
            return map;
        }
        return arguments instanceof String json && !json.isEmpty() ? JsonValues.objectOrEmpty(json) : Map.of();
    }

    private static void keep(Map<?, ?> from, String name, Map<String, @Nullable Object> to) {
        if (from.containsKey(name)) {
            to.put(name, from.get(name));
        }
    }

    /** The tools of a request, or null where it has none; a description or parameters that are missing are null in them. */
    static @Nullable List<Map<String, @Nullable Object>> tools(@Nullable List<?> tools) {
        return tools == null || tools.isEmpty()
                ? null
                : tools.stream().map(ToolCalls::tool).toList();
    }

    private static Map<String, @Nullable Object> tool(@Nullable Object tool) {
        if (!(tool instanceof Map<?, ?> fields) || !(fields.get("function") instanceof Map<?, ?> function)) {
            throw ChatPrompt.refused("a tool is not an object with a function");
        }
        Map<String, @Nullable Object> described = new LinkedHashMap<>();
        described.put("name", function.get("name"));
        described.put("description", function.get("description"));
        described.put("parameters", function.get("parameters"));
        function.forEach((name, value) -> described.putIfAbsent(name.toString(), value));
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        kept.put("type", "function");
        kept.put("function", described);
        fields.forEach((name, value) -> kept.putIfAbsent(name.toString(), value));
        return kept;
    }
}
