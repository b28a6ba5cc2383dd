package io.penstock.router.simulate;

import org.jspecify.annotations.Nullable;

/**
 * A name under which the simulated engine answers. Threading: immutable.
 *
 * @param id the name clients send
 * @param parent the base model of a LoRA adapter; null for a base model
 */
public record SimulatedModel(String id, @Nullable String parent) {

    /** A base model. */
    public static SimulatedModel base(String id) {
        return new SimulatedModel(id, null);
    }

    /** A LoRA adapter of {@code parent}. */
    public static SimulatedModel adapter(String id, String parent) {
        return new SimulatedModel(id, parent);
    }

    /** What the model card names as root: the adapter's path, or the model itself. */
    String root() {
        return parent == null ? id : "/adapters/" + id;
    }
}
