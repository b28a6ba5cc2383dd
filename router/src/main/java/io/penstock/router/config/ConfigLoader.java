package io.penstock.router.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * YAML text to the configuration tree. A file is taken as a whole or refused as a whole: a key that is unknown, repeated,
 * missing or out of range never falls back to a default. Threading: control plane; every call is independent.
 */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Loads a file.
     *
     * @throws ConfigException with every problem found in it
     * @throws IOException if it cannot be read
     */
    public static RouterConfig load(Path file) throws ConfigException, IOException {
        return parse(text(file), (config, findings) -> {});
    }

    /**
     * Loads a file that is going to be used here: every file and environment variable it names must be there, too.
     *
     * @throws ConfigException with every problem found
     * @throws IOException if the file itself cannot be read
     */
    public static RouterConfig loadToUse(Path file) throws ConfigException, IOException {
        return parse(
                text(file),
                (config, findings) -> new SecretChecks(config, findings, name -> System.getenv(name) != null).run());
    }

    private static String text(Path file) throws ConfigException, IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ConfigException(List.of(new ConfigProblem(1, 1, "", "the file is not UTF-8 text")));
        }
    }

    /**
     * Loads the text of a file.
     *
     * @throws ConfigException with every problem found in it
     */
    public static RouterConfig parse(String yaml) throws ConfigException {
        return parse(yaml, (config, findings) -> {});
    }

    static RouterConfig parse(String yaml, BiConsumer<RouterConfig, Findings> moreChecks) throws ConfigException {
        Findings findings = new Findings();
        var root = YamlText.root(yaml, findings);
        if (root.isEmpty()) {
            throw new ConfigException(findings.problems());
        }
        Shape file = new Shape.Section(RouterConfig.class);
        RouterConfig config = (RouterConfig) new Binder(findings).bind(file, root.get(), "");
        new ConfigChecks(config, findings).run();
        moreChecks.accept(config, findings);
        List<ConfigProblem> problems = findings.problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }
}
