package io.penstock.router.request;

import java.util.Collection;
import java.util.List;

/**
 * Which fields of a request body are looked for, compiled once from the configuration: {@code model}, {@code stream},
 * the prompt, what a stream is to tell, and every session field of every route. Each has a slot, by which {@link InferenceRequest} is asked.
 *
 * <p>Threading: immutable.
 */
public final class BodyFields {

    static final int MODEL = 0;
    static final int STREAM = 1;
    static final int MESSAGES = 2;
    static final int PROMPT = 3;
    static final int INPUT = 4;
    static final int STREAM_OPTIONS = 5;
    static final int INCLUDE_USAGE = 6;
    static final int FIRST_SESSION = 7;
    private static final List<String> ALWAYS =
            List.of("model", "stream", "messages", "prompt", "input", "stream_options", "stream_options.include_usage");

    private final List<NotedField> noted;
    private final FieldNode root = new FieldNode("");
    private int slots;

    private BodyFields(List<NotedField> noted) {
        this.noted = noted;
    }

    /** Looks for the fields routing always needs and for {@code paths}, where {@code a.b} is {@code b} within {@code a}. */
    public static BodyFields of(Collection<String> paths) {
        return of(paths, false);
    }

    /** As {@link #of(Collection)}; {@code lengths} if it may have to be changed how much a body asks to be generated. */
    public static BodyFields of(Collection<String> paths, boolean lengths) {
        BodyFields fields = new BodyFields(NotedField.lookedFor(lengths));
        ALWAYS.forEach(fields::claim);
        paths.forEach(fields::claim);
        return fields;
    }

    private void claim(String path) {
        if (node(path).claimSlot(slots) == slots) {
            slots++;
        }
    }

    private FieldNode node(String path) {
        FieldNode node = root;
        for (String key : path.split("\\.", -1)) {
            node = node.child(key);
        }
        return node;
    }

    /** The slot of a path given to {@link #of}; anything else is a defect. */
    public int slot(String path) {
        FieldNode node = root;
        for (String key : path.split("\\.", -1)) {
            FieldNode next = FieldNode.find(node.children(), key);
            if (next == null) {
                throw new IllegalArgumentException("not a field that is looked for: " + path);
            }
            node = next;
        }
        return node.slot();
    }

    List<FieldNode> topLevel() {
        return root.children();
    }

    /** True if it may have to be changed how much a body asks to be generated. */
    boolean lengths() {
        return noted.contains(NotedField.N);
    }

    List<NotedField> noted() {
        return noted;
    }

    int slots() {
        return slots;
    }
}
