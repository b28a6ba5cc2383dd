package io.penstock.router.discovery;

import io.penstock.router.config.DiscoveryConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.PoolConfig.EngineConfig;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.EngineStanding;
import io.penstock.router.fleet.EngineState;
import io.penstock.router.fleet.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the engines of one pool as its source says. Where the source fails, or knows of nothing all of a sudden, the engines that
 * were there are kept.
 *
 * <p>Threading: control plane; a source tells from any thread, and the view may be read on any.
 */
final class DiscoveredPool implements EngineSource.Listener {

    private static final Logger log = LoggerFactory.getLogger(DiscoveredPool.class);

    private final PoolConfig config;
    private final DiscoveryConfig discovery;
    private final EngineSource source;
    private final Fleet fleet;
    private final ControlPlane control;
    private final Runnable changed;
    private volatile Standing standing;
    private List<EngineConfig> earlier = List.of();
    private final AtomicReference<@Nullable FoundEngines> next = new AtomicReference<>();
    private volatile boolean closed;

    /** What is known at one moment. */
    private record Standing(
            @Nullable FoundEngines good,
            long goodNanos,
            long changeNanos,
            long errors,
            @Nullable String problem) {}

    DiscoveredPool(PoolConfig config, DiscoveryConfig discovery, EngineSource source, Discovery.Means means) {
        this.config = config;
        this.discovery = discovery;
        this.source = source;
        this.fleet = means.fleet();
        this.control = means.control();
        this.changed = means.changed();
        this.standing = new Standing(null, now(), now(), 0, null);
    }

    void controlStart() {
        source.start(this);
    }

    /** True if this pool of another configuration is looked for in the same way. */
    boolean goesOnAs(PoolConfig next) {
        return Objects.equals(next.discovery(), discovery) && next.tls().equals(config.tls());
    }

    @Override
    public void found(FoundEngines found) {
        if (next.getAndSet(found) == null) {
            control.execute(this::controlFound);
        }
    }

    /** Only the last answer counts: however fast a source tells, one waits at most. */
    private void controlFound() {
        FoundEngines found = next.getAndSet(null);
        if (found != null && !closed) {
            controlFound(found);
        }
    }

    @Override
    public void failed(String why) {
        control.execute(() -> controlFailed(why));
    }

    private void controlFound(FoundEngines found) {
        String problem = found.problem();
        if (found.isNothing() && !engines().isEmpty()) {
            controlFailed(problem == null ? "it knows of no engine any more" : problem);
            return;
        }
        for (EngineConfig engine : found.engines()) {
            if (!engine.hasAddress()) {
                controlFailed("it names " + engine.url() + ", which is no engine's address");
                return;
            }
        }
        Standing before = standing;
        FoundEngines good = besideEarlier(found);
        boolean other = before.good() == null || !before.good().engines().equals(good.engines());
        if (problem != null && !problem.equals(before.problem())) {
            controlFailed(problem);
        } else if (problem == null && before.problem() != null) {
            log.info("pool {}: {} answers well again", config.name(), discovery.place());
        }
        standing = new Standing(
                good,
                problem == null ? now() : before.goodNanos(),
                other ? now() : before.changeNanos(),
                standing.errors(),
                problem);
        if (other) {
            log.info("pool {}: {} engines by {}", config.name(), good.engines().size(), discovery.place());
            fleet.controlList(config.name(), good.engines());
            changed.run();
        }
    }

    /** Until a source has told everything for the first time, the engines of the one before that it does not name stay. */
    private FoundEngines besideEarlier(FoundEngines found) {
        if (found.problem() == null) {
            earlier = List.of();
            return found;
        }
        Set<String> named = found.engines().stream().map(EngineConfig::url).collect(Collectors.toSet());
        List<EngineConfig> all = standing.good() == null ? engines() : earlier;
        earlier = all.stream().filter(engine -> !named.contains(engine.url())).toList();
        return FoundEngines.together(List.of(found, FoundEngines.all(earlier)), found.problem());
    }

    /** Those that drain have been taken out already. */
    private List<EngineConfig> engines() {
        return fleet.snapshot().groups().stream()
                .filter(group -> group.name().equals(config.name()))
                .flatMap(group -> group.standings().stream())
                .filter(at -> at.state() != EngineState.DRAINING)
                .map(EngineStanding::listed)
                .toList();
    }

    private void controlFailed(String why) {
        if (closed) {
            return;
        }
        Standing before = standing;
        standing = new Standing(before.good(), before.goodNanos(), before.changeNanos(), before.errors() + 1, why);
        if (!why.equals(before.problem())) {
            log.warn("pool {}: {}: {}; the engines known are kept", config.name(), discovery.place(), why);
        }
    }

    private long now() {
        return control.ticker().nanos();
    }

    private double secondsSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(now() - nanos)
                / (double) Duration.ofSeconds(1).toMillis();
    }

    DiscoveryView view() {
        Standing at = standing;
        FoundEngines good = at.good();
        return new DiscoveryView(
                config.name(),
                discovery.kind(),
                discovery.place(),
                good == null ? 0 : good.engines().size(),
                good == null ? 0 : good.withheld(),
                secondsSince(at.goodNanos()),
                good == null ? null : secondsSince(at.changeNanos()),
                at.errors(),
                at.problem());
    }

    /** Hears its source no more; any thread. */
    void close() {
        closed = true;
        source.close();
    }
}
