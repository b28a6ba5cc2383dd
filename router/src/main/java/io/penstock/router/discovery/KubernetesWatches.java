package io.penstock.router.discovery;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A client of the API server with a watch of each namespace. Threading: opened and closed on a thread that may block; watches on any.
 */
final class KubernetesWatches implements AutoCloseable {

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final KubernetesConfig config;
    private final Runnable changed;
    private final KubernetesClient client;
    private final Map<String, Watch<?>> byNamespace = new LinkedHashMap<>();

    private KubernetesWatches(KubernetesConfig config, Runnable changed) {
        this.config = config;
        this.changed = changed;
        // over HTTP/2 one dead connection would be taken for each new list
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withHttp2Disable(true).build())
                .build();
    }

    /**
     * Begins to watch; does not wait for the API server.
     *
     * @param changed is run on any thread when there is something new to read
     * @throws RuntimeException if it is not known how to ask the API server
     */
    static KubernetesWatches open(KubernetesConfig config, Runnable changed) {
        KubernetesWatches made = new KubernetesWatches(config, changed);
        try {
            made.start();
            return made;
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** Ends all watches and begins to watch anew, with lists on connections that answer. */
    void restart() {
        stop();
        start();
    }

    private void stop() {
        byNamespace.values().forEach(watch -> watch.informer.stop());
        byNamespace.clear();
    }

    private void start() {
        String own = client.getNamespace() == null ? "default" : client.getNamespace();
        Stream<String> names = config.namespaces().isEmpty()
                ? Stream.of(own)
                : config.namespaces().stream().distinct();
        if (config.service() == null) {
            names.forEach(name -> watch(name, pods(name), new PodEngines(config)::of));
        } else {
            names.forEach(name -> watch(name, slices(name), new SliceEngines(config)::of));
        }
    }

    private SharedIndexInformer<Pod> pods(String namespace) {
        return client.pods()
                .inNamespace(namespace)
                .withLabelSelector(String.valueOf(config.selector()))
                .runnableInformer(0);
    }

    private SharedIndexInformer<EndpointSlice> slices(String namespace) {
        return client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_NAME, String.valueOf(config.service()))
                .runnableInformer(0);
    }

    private <T extends HasMetadata> void watch(
            String namespace, SharedIndexInformer<T> informer, Function<List<T>, FoundEngines> engines) {
        Watch<T> watch = new Watch<>(informer, engines);
        byNamespace.put(namespace, watch);
        informer.exceptionHandler((started, failure) -> {
            watch.trouble = told(failure);
            return true;
        });
        informer.addEventHandler(new ChangeHandler<>(changed));
        // without a state to begin with, a list may be older than what was known: one of another API server's cache
        var unused = informer.initialState(Stream.of()).start();
    }

    private static String told(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof KubernetesClientException refused && refused.getStatus() != null) {
                return "the API server refuses: " + refused.getStatus().getMessage();
            }
        }
        return "the API server cannot be reached";
    }

    /** The watches by the names of their namespaces, in the order of the configuration. */
    Map<String, ? extends NamespaceWatch> byNamespace() {
        return byNamespace;
    }

    @Override
    public void close() {
        stop();
        client.close();
    }

    /** One informer. */
    private static final class Watch<T> implements NamespaceWatch {

        private final SharedIndexInformer<T> informer;
        private final Function<List<T>, FoundEngines> engines;
        private volatile @Nullable String trouble;

        Watch(SharedIndexInformer<T> informer, Function<List<T>, FoundEngines> engines) {
            this.informer = informer;
            this.engines = engines;
        }

        @Override
        public boolean isWatching() {
            return informer.hasSynced() && informer.isWatching();
        }

        @Override
        public @Nullable String version() {
            return informer.lastSyncResourceVersion();
        }

        @Override
        public FoundEngines read() {
            FoundEngines found = engines.apply(informer.getStore().list());
            trouble = null;
            return found;
        }

        @Override
        public @Nullable String trouble() {
            return trouble;
        }
    }
}
