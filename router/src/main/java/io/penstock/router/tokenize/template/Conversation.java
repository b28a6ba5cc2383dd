package io.penstock.router.tokenize.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a request as vLLM hands them to a template: only the fields it knows, in its order, content as a text or as parts.
 *
 * <p>Threading: pure functions.
 */
final class Conversation {

    private Conversation() {}

    /**
     * The messages for a template.
     *
     * @param parts whether the template walks the parts of a message's content; otherwise it gets their texts, a line each
     * @param developer whether the template knows the role {@code developer}; otherwise those messages become the system's
     */
    static List<Map<String, @Nullable Object>> of(List<?> messages, boolean parts, boolean developer) {
        List<Map<String, @Nullable Object>> conversation = new ArrayList<>(messages.size());
        boolean merges = false;
        for (Object message : messages) {
            if (!(message instanceof Map<?, ?> fields) || !(fields.get("role") instanceof String role)) {
                throw ChatPrompt.refused("a message is not an object with a role");
            }
            boolean demoted = role.equals("developer") && !developer;
            merges |= demoted;
            conversation.add(message(demoted ? "system" : role, fields, parts));
        }
        return merges ? merged(conversation) : conversation;
    }

    private static Map<String, @Nullable Object> message(String role, Map<?, ?> fields, boolean parts) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", role);
        boolean flat = role.equals("tool") && Content.isText(fields.get("content"));
        message.put(
                "content", parts && !flat ? Content.parts(fields.get("content")) : Content.text(fields.get("content")));
        if (role.equals("assistant")) {
            assistant(fields, message);
        } else if (role.equals("tool") && fields.get("tool_call_id") != null) {
            message.put("tool_call_id", fields.get("tool_call_id"));
        }
        for (String name : List.of("name", "task")) {
            if (fields.get(name) instanceof String text) {
                message.put(name, text);
            }
        }
        if (role.equals("developer")) {
            message.put("tools", fields.get("tools"));
        }
        return message;
    }

    private static void assistant(Map<?, ?> fields, Map<String, @Nullable Object> message) {
        if (fields.get("tool_calls") instanceof List<?> calls && !calls.isEmpty()) {
            message.put("tool_calls", calls.stream().map(ToolCalls::call).toList());
        }
        Object reasoning = fields.get("reasoning") != null ? fields.get("reasoning") : fields.get("reasoning_content");
        if (reasoning != null) {
            message.put("reasoning", reasoning);
            message.put("reasoning_content", reasoning);
        }
        if (Boolean.TRUE.equals(fields.get("prefix"))) {
            message.put("prefix", true);
            message.put("wo_eos", true);
        }
    }

    /** All messages of the system as one, at the start. */
    private static List<Map<String, @Nullable Object>> merged(List<Map<String, @Nullable Object>> conversation) {
        List<Map<String, @Nullable Object>> merged = new ArrayList<>();
        StringBuilder system = new StringBuilder();
        for (Map<String, @Nullable Object> message : conversation) {
            if ("system".equals(message.get("role"))) {
                system.append(system.isEmpty() ? "" : "\n\n").append(Content.text(message.get("content")));
            } else {
                merged.add(message);
            }
        }
        Map<String, @Nullable Object> first = new LinkedHashMap<>();
        first.put("role", "system");
        first.put("content", system.toString());
        merged.add(0, first);
        return merged;
    }
}
