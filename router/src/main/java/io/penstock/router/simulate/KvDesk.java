package io.penstock.router.simulate;

import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/** The KV connector of one engine: finds out what a request has to do with other engines. Threading: confined to the engine's loop. */
interface KvDesk {

    /** The desk of an engine that does everything itself. */
    KvDesk NONE = (fields, prompts) -> KvPart.NONE;

    /** The desk of an engine with this part. */
    static KvDesk of(@Nullable KvSide side, EventExecutor loop, EngineMetrics metrics) {
        if (side == null) {
            return NONE;
        }
        return switch (side.connector()) {
            case NIXL -> new NixlDesk(side, metrics);
            case PUSH, SGLANG -> new MeetingDesk(side, loop, metrics);
        };
    }

    /**
     * The part of one request.
     *
     * @param prompts how many prompts it has
     * @throws RequestRefused if its body makes no sense to the connector
     */
    KvPart part(Fields fields, int prompts);

    /** What a bootstrap server answers to {@code GET /query}. */
    default String engines() {
        return "{}";
    }

    /** Changes what is generated, where the role says so. */
    default void adjust(Fields fields) {}
}
