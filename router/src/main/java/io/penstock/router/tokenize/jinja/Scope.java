package io.penstock.router.tokenize.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a statement sees: its own, and those of the statements around it, which it cannot set.
 *
 * <p>Threading: confined to one rendering.
 */
final class Scope {

    private final @Nullable Scope parent;
    private final Rendering rendering;
    private final Map<String, Object> variables;

    private Scope(@Nullable Scope parent, Rendering rendering, Map<String, Object> variables) {
        this.parent = parent;
        this.rendering = rendering;
        this.variables = variables;
    }

    static Scope outermost(Rendering rendering, Map<String, Object> variables) {
        return new Scope(null, rendering, new HashMap<>(variables));
    }

    /** One within this one. */
    Scope inner() {
        return new Scope(this, rendering, new HashMap<>());
    }

    Rendering rendering() {
        return rendering;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            Object value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Globals.get(name);
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }
}
