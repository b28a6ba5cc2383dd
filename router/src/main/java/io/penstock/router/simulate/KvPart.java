package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What one generation has to do with the KV cache of another engine. Threading: confined to the engine's loop. */
interface KvPart {

    /** Nothing. */
    KvPart NONE = Guest::submit;

    /** Whose generation it is. */
    interface Guest {

        /** It may begin. */
        void submit();

        /** It cannot be had: the KV cache did not come. */
        void fail(EngineError why);
    }

    /** Lets the generation begin or fail, now or later. */
    void start(Guest guest);

    /** The client left before the generation began. */
    default void clientLeft() {}

    /** True if the prompt's KV cache came from another engine. */
    default boolean fetched() {
        return false;
    }

    /** The generation left its engine. */
    default void ended(Scheduler.End how) {}

    /** What the answer says of it, or null. */
    default @Nullable ObjectNode params() {
        return null;
    }
}
