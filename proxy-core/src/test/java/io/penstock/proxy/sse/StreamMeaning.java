package io.penstock.proxy.sse;

import io.penstock.proxy.sse.Json.Literal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client makes of a stream, for each choice: texts in the order in which their kinds alternate, arrays and running totals,
 * everything else event for event, and where it stands between them. Two streams with the same meaning tell a client the same.
 * Events and values are Latin-1, so that no byte is lost. Threading: confined to a test.
 */
final class StreamMeaning {

    private static final Set<String> TEXTS =
            Set.of("text", "content", "reasoning", "reasoning_content", "refusal", "arguments");
    private static final Set<String> LISTS =
            Set.of("logprobs", "token_ids", "tokens", "token_logprobs", "top_logprobs", "text_offset");

    private final Map<String, List<String>> saidByChoice = new TreeMap<>();
    private final Map<String, List<Object>> listsByChoice = new TreeMap<>();
    private final Map<String, Object> usageByChoice = new TreeMap<>();
    private final Map<String, String> constantsByChoice = new TreeMap<>();
    private final List<String> boundaries = new ArrayList<>();
    private final List<Runnable> texts = new ArrayList<>();

    /** The meaning of whole events. */
    static StreamMeaning of(List<String> events, int choices) {
        StreamMeaning meaning = new StreamMeaning();
        for (int choice = 0; choice < choices; choice++) {
            meaning.saidByChoice.put(Integer.toString(choice), new ArrayList<>());
        }
        events.forEach(meaning::event);
        return meaning;
    }

    private void event(String event) {
        Object chunk = chunk(event);
        Object choice = chunk == null ? null : Json.at(chunk, "choices", 0);
        if (chunk == null || choice == null || hasBoundary(choice) || Json.at(chunk, "choices", 1) != null) {
            boundary(event);
            return;
        }
        String index = ((Literal) at(choice, "index")).text();
        Map<String, Object> constants = new LinkedHashMap<>();
        constants.put("form", event.startsWith("data: ") + " " + event.substring(event.lastIndexOf('}') + 1));
        walk(index, "", (Map<?, ?>) chunk, constants);
        String now = constants.toString();
        if (!now.equals(constantsByChoice.put(index, now))) {
            said(index).add("constants " + now);
        }
        texts.forEach(Runnable::run);
        texts.clear();
    }

    private static @Nullable Object chunk(String event) {
        if (!event.startsWith("data:{") && !event.startsWith("data: {")) {
            return null;
        }
        return Json.parse(event.substring("data:".length()).strip());
    }

    private static Object at(Object json, Object... path) {
        Object found = Json.at(json, path);
        if (found == null) {
            throw new AssertionError("nothing at " + List.of(path) + " in " + json);
        }
        return found;
    }

    /** A finish reason, the beginning of a tool call, or something that nobody knows. */
    private static boolean hasBoundary(Object choice) {
        Object toolId = Json.at(choice, "delta", "tool_calls", 0, "id");
        Object reason = Json.at(choice, "finish_reason");
        return toolId instanceof String
                || reason instanceof String
                || choice.toString().contains("mystery");
    }

    private void boundary(String event) {
        boundaries.add(event);
        saidByChoice.values().forEach(said -> said.add("boundary " + event));
    }

    private List<String> said(String choice) {
        return saidByChoice.computeIfAbsent(choice, none -> new ArrayList<>());
    }

    private void walk(String choice, String path, Map<?, ?> object, Map<String, Object> constants) {
        object.forEach((key, value) -> {
            String name = key.toString();
            String here = path + "." + name;
            if (value instanceof String text && TEXTS.contains(name)) {
                texts.add(() -> say(choice, here, text));
                constants.put(here, "text");
            } else if (value instanceof List<?> list && (LISTS.contains(name) || path.endsWith("logprobs"))) {
                listsByChoice
                        .computeIfAbsent(choice + here, none -> new ArrayList<>())
                        .addAll(list);
                constants.put(here, "list");
            } else if (name.equals("usage") && value instanceof Map) {
                usageByChoice.put(choice, value);
            } else if (value instanceof Map<?, ?> inner) {
                walk(choice, here, inner, constants);
            } else if (value instanceof List<?> list && list.size() == 1 && list.get(0) instanceof Map<?, ?> inner) {
                walk(choice, here, inner, constants);
            } else if (!name.equals("obfuscation")) {
                constants.put(here, value);
            }
        });
    }

    private void say(String choice, String kind, String text) {
        if (text.isEmpty()) {
            return;
        }
        List<String> said = said(choice);
        int last = said.size() - 1;
        String prefix = kind + ": ";
        if (last >= 0 && said.get(last).startsWith(prefix)) {
            said.set(last, said.get(last) + text);
        } else {
            said.add(prefix + text);
        }
    }

    /** What can be compared. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        saidByChoice.forEach((choice, said) -> said.forEach(each -> lines.add(choice + " " + each)));
        listsByChoice.forEach((choice, list) -> lines.add(choice + " " + list));
        usageByChoice.forEach((choice, usage) -> lines.add(choice + " " + usage));
        lines.addAll(boundaries);
        return lines.stream().map(StreamMeaning::printable).toList();
    }

    private static String printable(String line) {
        StringBuilder printable = new StringBuilder();
        line.chars()
                .forEach(c ->
                        printable.append(c < ' ' || c > '~' ? String.format("<%x>", c) : String.valueOf((char) c)));
        return printable.toString();
    }
}
