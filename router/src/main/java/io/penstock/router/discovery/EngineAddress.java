package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How engines in Kubernetes are addressed. Threading: immutable. */
final class EngineAddress {

    private final KubernetesConfig config;

    EngineAddress(KubernetesConfig config) {
        this.config = config;
    }

    /** The port, if it is configured as a number. */
    Optional<Integer> number() {
        boolean digits = config.port().chars().allMatch(Character::isDigit);
        return digits ? Optional.of(Integer.parseInt(config.port())) : Optional.empty();
    }

    /** An engine's address. */
    String url(String host, int port) {
        String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (config.scheme() == Scheme.HTTPS ? "https://" : "http://") + bracketed + ":" + port;
    }

    /** Each once, in an order that does not depend on that of the API server. */
    static List<EngineConfig> inOrder(Collection<EngineConfig> engines) {
        Map<String, EngineConfig> byUrl = new TreeMap<>();
        engines.forEach(engine -> byUrl.putIfAbsent(engine.url(), engine));
        return List.copyOf(byUrl.values());
    }
}
