package io.penstock.router.config;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * YAML text to the configuration tree. A file is taken as a whole or refused as a whole: a key that is unknown, repeated,
 * missing or out of range never falls back to a default. Threading: control plane; every call is independent.
 */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Loads a file, and looks at the files and environment variables that it names. Files are looked for from the working
     * directory of the process.
     *
     * @throws ConfigException with every problem found in it, or with the one that kept it from being read
     */
    public static RouterConfig load(Path file) throws ConfigException {
        return FileContent.read(file).config();
    }

    private static void checkOtherFiles(RouterConfig config, Findings findings) {
        new TlsChecks(config, findings).files(Clock.systemUTC());
        new TokenizerChecks(config, findings).files();
        new SecretChecks(config, findings, name -> System.getenv(name) != null).run();
    }

    /**
     * Loads the text of a file; other files that it names are not looked at.
     *
     * @throws ConfigException with every problem found in it
     */
    public static RouterConfig parse(String yaml) throws ConfigException {
        return parse(yaml, (config, findings) -> {});
    }

    /** As {@link #parse(String)}, and looks at the other files that it names. */
    static RouterConfig parseWithFiles(String yaml) throws ConfigException {
        return parse(yaml, ConfigLoader::checkOtherFiles);
    }

    private static RouterConfig parse(String yaml, BiConsumer<RouterConfig, Findings> otherFiles)
            throws ConfigException {
        Findings findings = new Findings();
        var root = YamlText.root(yaml, findings);
        if (root.isEmpty()) {
            throw new ConfigException(findings.problems());
        }
        Shape file = new Shape.Section(RouterConfig.class);
        RouterConfig config = (RouterConfig) new Binder(findings).bind(file, root.get(), "");
        new ConfigChecks(config, findings).run();
        otherFiles.accept(config, findings);
        List<ConfigProblem> problems = findings.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }
}
