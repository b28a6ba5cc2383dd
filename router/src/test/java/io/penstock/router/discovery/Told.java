package io.penstock.router.discovery;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes down what a source tells. Threading: confined to the test's thread. */
public final class Told implements EngineSource.Listener {

    private final List<String> lines = new ArrayList<>();
    private FoundEngines last = FoundEngines.all(List.of());

    @Override
    public void found(FoundEngines found) {
        last = found;
        lines.add(found.engines().stream().map(EngineConfig::url).collect(Collectors.joining(" ")));
    }

    @Override
    public void failed(String why) {
        lines.add("failed: " + why);
    }

    /** What was told since the last call: the addresses of engines, or why there are none. */
    public List<String> lines() {
        List<String> told = List.copyOf(lines);
        lines.clear();
        return told;
    }

    /** What was found last. */
    public FoundEngines last() {
        return last;
    }
}
