package io.penstock.router.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The EndpointSlices of a Service to engines: endpoints that are ready and not about to end. Where a Service has addresses of both
 * kinds, each pod is there twice; those of IPv4 are taken then. Threading: immutable.
 */
final class SliceEngines {

    private final KubernetesConfig config;
    private final EngineAddress address;

    SliceEngines(KubernetesConfig config) {
        this.config = config;
        this.address = new EngineAddress(config);
    }

    /**
     * The engines in these slices.
     *
     * @throws IllegalStateException if the Service has endpoints, but not this port; in words for an operator
     */
    FoundEngines of(List<EndpointSlice> slices) {
        FoundEngines version4 = of(slices, "IPv4");
        return version4.isNothing() ? of(slices, "IPv6") : version4;
    }

    private FoundEngines of(List<EndpointSlice> slices, String kind) {
        var gathering = new Gathering();
        slices.stream().filter(slice -> kind.equals(slice.getAddressType())).forEach(slice -> gather(slice, gathering));
        return gathering.found("service " + config.service() + " has no port named " + config.port());
    }

    private void gather(EndpointSlice slice, Gathering gathering) {
        Optional<Integer> port = port(slice);
        for (Endpoint endpoint : slice.getEndpoints()) {
            boolean ready = isReady(endpoint.getConditions());
            if (ready && port.isPresent()) {
                gathering.add(engine(endpoint, port.get()));
                continue;
            }
            gathering.withhold();
            if (ready) {
                gathering.lacksPort();
            }
        }
    }

    /** What is not said is true of readiness, and false of the end. */
    private static boolean isReady(EndpointConditions conditions) {
        return conditions == null
                || (!Boolean.FALSE.equals(conditions.getReady()) && !Boolean.TRUE.equals(conditions.getTerminating()));
    }

    /** Pods that lack the port that the Service names are in slices of their own, which have none. */
    private Optional<Integer> port(EndpointSlice slice) {
        return address.number()
                .or(() -> slice.getPorts().stream()
                        .filter(port -> config.port().equals(port.getName()))
                        .map(EndpointPort::getPort)
                        .filter(Objects::nonNull)
                        .findFirst());
    }

    private EngineConfig engine(Endpoint endpoint, int port) {
        String zone = endpoint.getZone();
        Map<String, String> labels = zone == null ? Map.of() : Map.of("zone", zone);
        return new EngineConfig(address.url(endpoint.getAddresses().get(0), port), null, false, labels);
    }
}
