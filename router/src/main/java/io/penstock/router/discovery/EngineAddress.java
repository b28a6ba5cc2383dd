package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import java.util.Optional;

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
}
