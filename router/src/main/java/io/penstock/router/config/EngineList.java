package io.penstock.router.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration of a router that is started without a file, from a list of engines. Threading: any thread. */
public final class EngineList {

    private EngineList() {}

    /**
     * One pool named {@code default} with these engines; everything else is as in an otherwise empty file.
     *
     * @param port the data port; 0 takes a free one
     * @param adminPort the admin port; 0 takes a free one
     * @param urls the engines as {@code http://host:port}
     * @throws ConfigException with every problem found; the positions are 0, as there is no file
     */
    public static RouterConfig config(int port, int adminPort, List<String> urls) throws ConfigException {
        String engines = urls.stream().map(EffectiveTree::quoted).collect(Collectors.joining(", ", "[", "]"));
        try {
            return ConfigLoader.parse("server: {port: " + port + ", adminPort: " + adminPort + "}\n"
                    + "pools: [{name: default, engines: " + engines + "}]\n");
        } catch (ConfigException e) {
            throw new ConfigException(e.problems().stream()
                    .map(problem -> new ConfigProblem(0, 0, problem.key(), problem.message()))
                    .toList());
        }
    }
}
