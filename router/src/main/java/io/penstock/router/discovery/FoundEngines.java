package io.penstock.router.discovery;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a source says at one moment. Threading: immutable.
 *
 * @param engines every engine that may be sent requests, each once
 * @param withheld how many more are known that may not, as they are not ready or are about to end; so that no engine at all is
 *     the truth and no accident
 * @param problem why some of that may not be so any more, in words for an operator; null if it is so
 */
public record FoundEngines(
        List<EngineConfig> engines, int withheld, @Nullable String problem) {

    /** A copy that nobody changes. */
    public FoundEngines {
        engines = List.copyOf(engines);
    }

    /** Engines of a source that knows of no other ones. */
    static FoundEngines all(List<EngineConfig> engines) {
        return new FoundEngines(engines, 0, null);
    }

    /** What is known in several places; the first with its address counts. */
    static FoundEngines together(List<FoundEngines> places, @Nullable String problem) {
        Map<String, EngineConfig> byUrl = new TreeMap<>();
        places.stream()
                .flatMap(place -> place.engines().stream())
                .forEach(engine -> byUrl.putIfAbsent(engine.url(), engine));
        int withheld = places.stream().mapToInt(FoundEngines::withheld).sum();
        return new FoundEngines(List.copyOf(byUrl.values()), withheld, problem);
    }

    /** True if nothing is known, which is more often a mistake than the end of all engines. */
    boolean isNothing() {
        return engines.isEmpty() && withheld == 0;
    }
}
