package io.penstock.router.discovery;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;

/**
 * What a source says at one moment. Threading: immutable.
 *
 * @param engines every engine that may be sent requests, each once
 * @param withheld how many more are known that may not, as they are not ready or are about to end; so that no engine at all is
 *     the truth and no accident
 */
public record FoundEngines(List<EngineConfig> engines, int withheld) {

    /** A copy that nobody changes. */
    public FoundEngines {
        engines = List.copyOf(engines);
    }

    /** Engines of a source that knows of no other ones. */
    static FoundEngines all(List<EngineConfig> engines) {
        return new FoundEngines(engines, 0);
    }

    /** True if nothing is known, which is more often a mistake than the end of all engines. */
    boolean isNothing() {
        return engines.isEmpty() && withheld == 0;
    }
}
