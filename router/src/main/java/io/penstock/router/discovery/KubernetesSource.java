package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig.KubernetesConfig;
import io.penstock.router.files.Lookout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Engines by their pods in Kubernetes, from watches that list once and are told changes from then on. A change is told at once;
 * however fast changes come, they are read together. Watches of which nothing is heard for long are opened anew, on new
 * connections, as the old ones may be dead without a word. While the API server is away nothing is told but that. No class of the
 * client is loaded before a source is started.
 *
 * <p>Threading: confined to a thread of its own, which may block; watches call in from theirs; started and closed on any.
 */
final class KubernetesSource implements EngineSource {

    /** Looks without any list after which another client is made; then twice as many, as clients are dear. */
    private static final int FIRST_LIST = 60;

    private static final int LONGEST_FIRST_LIST = 3600;

    private final KubernetesConfig config;
    private final int longest;
    private final Lookout thread = new Lookout("penstock-kubernetes");
    private final AtomicBoolean changed = new AtomicBoolean();
    private Map<String, NamespaceEngines> namespaces = Map.of();
    private @Nullable KubernetesWatches watches;
    private @Nullable String obstacle;
    private @Nullable String told;
    private int firstList = FIRST_LIST;
    private int pause = 1;
    private int untilOpening;
    private volatile boolean closed;

    KubernetesSource(KubernetesConfig config) {
        this.config = config;
        this.longest = (int) config.refresh().dividedBy(Lookout.INTERVAL);
    }

    @Override
    public void start(Listener listener) {
        thread.soon(() -> open(listener));
        thread.watch(() -> look(listener));
    }

    /**
     * A client that was heard of opens its watches anew, another one is made where it was not; what is known of the namespaces
     * stays. After a failure another try follows later and later.
     */
    private void open(Listener listener) {
        if (closed) {
            return;
        }
        try {
            KubernetesWatches open = watches;
            if (open != null && isHeard()) {
                open.restart();
                firstList = FIRST_LIST;
            } else {
                closeWatches();
                open = KubernetesWatches.open(config, () -> changed(listener));
                firstList = namespaces.isEmpty() ? FIRST_LIST : Math.min(2 * firstList, LONGEST_FIRST_LIST);
            }
            watches = open;
            namespaces = begun(open);
            obstacle = null;
            pause = 1;
        } catch (RuntimeException unusable) {
            closeWatches();
            obstacle = "the API server cannot be asked: " + unusable.getMessage();
            untilOpening = pause;
            pause = Math.min(2 * pause, longest);
        }
    }

    private Map<String, NamespaceEngines> begun(KubernetesWatches open) {
        Map<String, NamespaceEngines> next = new LinkedHashMap<>();
        open.byNamespace().forEach((name, watch) -> {
            NamespaceEngines known = namespaces.get(name);
            next.put(name, known == null ? new NamespaceEngines(watch) : known.by(watch));
        });
        return next;
    }

    private void closeWatches() {
        KubernetesWatches open = watches;
        watches = null;
        if (open != null) {
            open.close();
        }
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
        namespaces.values().forEach(NamespaceEngines::look);
        if (watches == null ? --untilOpening <= 0 : isSilent()) {
            open(listener);
        }
        tell(listener);
    }

    private boolean isHeard() {
        return namespaces.values().stream().anyMatch(NamespaceEngines::isHeard);
    }

    /**
     * One that is refused says so, and is never heard of, which is no reason to ask for the others again. One that says nothing may
     * have had its list end halfway, which nobody tells.
     */
    private boolean isSilent() {
        return isHeard()
                ? namespaces.values().stream()
                        .anyMatch(namespace -> namespace.isToBeHeard() && namespace.silent() >= longest)
                : namespaces.values().stream().allMatch(namespace -> namespace.silent() >= firstList);
    }

    /** At first every namespace is waited for, until it is known or has a problem. */
    private void tell(Listener listener) {
        if (closed) {
            return;
        }
        namespaces.values().forEach(NamespaceEngines::read);
        if (obstacle == null && namespaces.values().stream().anyMatch(NamespaceEngines::isAwaited)) {
            return;
        }
        List<FoundEngines> known = namespaces.values().stream()
                .map(NamespaceEngines::known)
                .filter(Objects::nonNull)
                .toList();
        String problem = obstacle == null ? problems() : obstacle;
        if (!known.isEmpty()) {
            told = null;
            listener.found(FoundEngines.together(known, problem));
        } else if (problem != null && !problem.equals(told)) {
            told = problem;
            listener.failed(problem);
        }
    }

    private @Nullable String problems() {
        String all = namespaces.entrySet().stream()
                .filter(namespace -> namespace.getValue().problem() != null)
                .map(namespace -> namespaces.size() == 1
                        ? namespace.getValue().problem()
                        : "namespace " + namespace.getKey() + ": "
                                + namespace.getValue().problem())
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    @Override
    public void close() {
        closed = true;
        thread.soon(() -> {
            closeWatches();
            thread.close();
        });
    }
}
