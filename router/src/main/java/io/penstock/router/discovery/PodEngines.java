package io.penstock.router.discovery;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pods to engines: those that are ready and not about to end. Threading: immutable.
 */
final class PodEngines {

    /** Labels of pods that begin with this are labels of their engines, without it. */
    static final String PREFIX = "penstock.io/";

    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Set<String> OVER = Set.of("Succeeded", "Failed");

    private final KubernetesConfig config;
    private final EngineAddress address;

    PodEngines(KubernetesConfig config) {
        this.config = config;
        this.address = new EngineAddress(config);
    }

    /**
     * The engines among these pods.
     *
     * @throws IllegalStateException if pods are ready, but none has the port; in words for an operator
     */
    FoundEngines of(List<Pod> pods) {
        var gathering = new Gathering();
        for (Pod pod : pods) {
            boolean ready = isReady(pod);
            Optional<String> url = ready ? url(pod) : Optional.empty();
            url.ifPresent(known -> gathering.add(new EngineConfig(known, null, false, labels(pod))));
            if (url.isEmpty() && !isOver(pod)) {
                gathering.withhold();
            }
            if (url.isEmpty() && ready) {
                gathering.lacksPort();
            }
        }
        return gathering.found("no ready pod has a port named " + config.port());
    }

    /** A pod that was made a moment ago has no status yet. */
    private static boolean isReady(Pod pod) {
        PodStatus status = pod.getStatus();
        return pod.getMetadata().getDeletionTimestamp() == null
                && status != null
                && status.getPodIP() != null
                && status.getConditions().stream().anyMatch(PodEngines::saysReady);
    }

    private static boolean isOver(Pod pod) {
        PodStatus status = pod.getStatus();
        return status != null && OVER.contains(String.valueOf(status.getPhase()));
    }

    private static boolean saysReady(PodCondition condition) {
        return "Ready".equals(condition.getType()) && "True".equals(condition.getStatus());
    }

    private Optional<String> url(Pod pod) {
        String host = pod.getStatus().getPodIP();
        return address.number().or(() -> named(pod)).map(port -> address.url(host, port));
    }

    private Optional<Integer> named(Pod pod) {
        Stream<Container> sidecars = pod.getSpec().getInitContainers().stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()));
        return Stream.concat(pod.getSpec().getContainers().stream(), sidecars)
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> config.port().equals(port.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    private Map<String, String> labels(Pod pod) {
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> ofPod = pod.getMetadata().getLabels();
        ofPod.forEach((name, value) -> {
            if (name.equals(ZONE)) {
                labels.put("zone", value);
            } else if (name.startsWith(PREFIX)) {
                labels.put(name.substring(PREFIX.length()), value);
            }
        });
        config.labels().forEach((name, from) -> {
            if (ofPod.containsKey(from)) {
                labels.put(name, ofPod.get(from));
            }
        });
        return labels;
    }
}
