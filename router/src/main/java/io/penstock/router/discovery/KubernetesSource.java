package io.penstock.router.discovery;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.files.Lookout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Engines by their pods in Kubernetes, from informers that list once and watch from then on. A change is told at once; however fast
 * changes come, they are read together. While the API server is away nothing is told but that. No class of the client is loaded
 * before a source is started.
 *
 * <p>Threading: confined to a thread of its own, which may block; informers call in from theirs; started and closed on any.
 */
final class KubernetesSource implements EngineSource {

    /** Looks, one each second, for which watches may be closed: they are opened anew all the time. */
    static final int PATIENCE = 5;

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final KubernetesConfig config;
    private final Lookout thread = new Lookout("penstock-kubernetes");
    private final AtomicBoolean changed = new AtomicBoolean();
    private final List<SharedIndexInformer<?>> informers = new ArrayList<>();
    private @Nullable KubernetesClient client;
    private @Nullable Supplier<FoundEngines> reading;
    private @Nullable String problem;
    private int away;
    private volatile @Nullable String trouble;
    private volatile boolean closed;

    KubernetesSource(KubernetesConfig config) {
        this.config = config;
    }

    @Override
    public void start(Listener listener) {
        thread.soon(() -> open(listener));
        thread.watch(() -> look(listener));
    }

    private void open(Listener listener) {
        if (closed) {
            return;
        }
        KubernetesClient made = new KubernetesClientBuilder().build();
        client = made;
        Stream<String> namespaces = config.namespaces().isEmpty()
                ? Stream.of(made.getNamespace() == null ? "default" : made.getNamespace())
                : config.namespaces().stream();
        Runnable tell = () -> changed(listener);
        if (config.service() == null) {
            reading = read(namespaces.map(name -> pods(made, name)).toList(), new PodEngines(config)::of, tell);
        } else {
            reading = read(namespaces.map(name -> slices(made, name)).toList(), new SliceEngines(config)::of, tell);
        }
    }

    private SharedIndexInformer<Pod> pods(KubernetesClient from, String namespace) {
        return from.pods()
                .inNamespace(namespace)
                .withLabelSelector(String.valueOf(config.selector()))
                .runnableInformer(0);
    }

    private SharedIndexInformer<EndpointSlice> slices(KubernetesClient from, String namespace) {
        return from.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withLabel(SERVICE_NAME, String.valueOf(config.service()))
                .runnableInformer(0);
    }

    private <T> Supplier<FoundEngines> read(
            List<SharedIndexInformer<T>> from, Function<List<T>, FoundEngines> engines, Runnable tell) {
        for (SharedIndexInformer<T> informer : from) {
            informers.add(informer);
            informer.exceptionHandler((started, failure) -> {
                trouble = told(failure);
                return !closed;
            });
            informer.addEventHandler(new ChangeHandler<>(tell));
            var unused = informer.start();
        }
        return () -> engines.apply(from.stream()
                .flatMap(informer -> informer.getStore().list().stream())
                .toList());
    }

    private static String told(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof KubernetesClientException refused && refused.getStatus() != null) {
                return "the API server refuses: " + refused.getStatus().getMessage();
            }
        }
        return "the API server cannot be reached";
    }

    private void changed(Listener listener) {
        if (!changed.getAndSet(true)) {
            thread.soon(() -> {
                changed.set(false);
                tell(listener);
            });
        }
    }

    private void look(Listener listener) {
        boolean watching = !informers.isEmpty() && informers.stream().allMatch(SharedIndexInformer::isWatching);
        away = watching ? 0 : away + 1;
        if (watching) {
            tell(listener);
        } else if (away >= PATIENCE) {
            String why = trouble;
            failed(why == null ? "the API server does not answer" : why, listener);
        }
    }

    /** Before the first lists are complete, and while new ones are read, it is not known which engines there are. */
    private void tell(Listener listener) {
        Supplier<FoundEngines> from = reading;
        boolean known =
                from != null && informers.stream().allMatch(informer -> informer.hasSynced() && informer.isWatching());
        if (closed || from == null || !known) {
            return;
        }
        try {
            FoundEngines found = from.get();
            problem = null;
            trouble = null;
            listener.found(found);
        } catch (IllegalStateException unusable) {
            failed(String.valueOf(unusable.getMessage()), listener);
        } catch (RuntimeException unreadable) {
            failed("what the API server says cannot be read: " + unreadable, listener);
        }
    }

    private void failed(String why, Listener listener) {
        if (!why.equals(problem)) {
            problem = why;
            listener.failed(why);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.soon(() -> {
            informers.forEach(SharedIndexInformer::stop);
            KubernetesClient made = client;
            if (made != null) {
                made.close();
            }
            thread.close();
        });
    }
}
