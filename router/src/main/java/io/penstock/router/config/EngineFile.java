package io.penstock.router.config;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;

/**
 * A file of its own that lists the engines of a pool. It is taken as a whole or refused as a whole, and read as the configuration
 * is. Threading: immutable.
 */
public record EngineFile(
        @Key("the engines of the pool, as in pools[].engines")
        List<EngineConfig> engines) {

    /**
     * Loads the text of such a file.
     *
     * @throws ConfigException with every problem found in it
     */
    public static EngineFile parse(String yaml) throws ConfigException {
        Findings findings = new Findings();
        var root = YamlText.root(yaml, findings);
        if (root.isPresent()) {
            var file = (EngineFile) new Binder(findings).bind(new Shape.Section(EngineFile.class), root.get(), "");
            PoolChecks.engines(file.engines(), "engines", findings);
            if (findings.problems().isEmpty()) {
                return file;
            }
        }
        throw new ConfigException(findings.problems());
    }
}
