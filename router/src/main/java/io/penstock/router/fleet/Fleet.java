package io.penstock.router.fleet;

import io.penstock.proxy.api.EngineClient;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every pool and engine of the router: turns probes, ejections and draining into snapshots that requests are routed on.
 *
 * <p>Threading: changed on the control plane only, and published by one volatile write; read from any thread. Nothing on
 * the way of a request waits for the control plane.
 */
public final class Fleet implements FleetView, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final Duration MODELS_INTERVAL = Duration.ofSeconds(10);

    /** Longer than a first probe takes by default; a probe that may take minutes holds up no start. */
    private static final Duration START_GRACE = Duration.ofSeconds(10);

    /** How often it is looked whether the requests of removed engines have ended. */
    private static final Duration LEAVING_INTERVAL = Duration.ofMillis(250);

    private final ControlPlane control;
    private final Pool.Sources sources;
    private final List<Consumer<FleetSnapshot>> followers = new ArrayList<>();
    private RouterConfig config;
    private ModelDirectory models;
    private @Nullable EngineClient client;
    private boolean applying;
    private boolean forgetting;
    private volatile List<Pool> pools;
    private volatile List<Pool> removed = List.of();
    private volatile FleetSnapshot snapshot;
    private volatile boolean graceIsOver;

    /**
     * A fleet of the configured pools; every engine is new, and picked. Nothing is probed before {@link #start}.
     *
     * @param policies makes each pool's policy
     * @param control the thread that changes the fleet; closed with it
     */
    public Fleet(RouterConfig config, Function<PolicyConfig, RoutingPolicy> policies, ControlPlane control) {
        this.control = control;
        this.config = config;
        this.sources = new Pool.Sources(policies, control, this::publish);
        this.pools =
                config.groups().stream().map(pool -> new Pool(pool, sources)).toList();
        this.models = directory();
        this.snapshot = snapshotOfAll();
    }

    /**
     * Begins probing every engine and learning their models.
     *
     * @param with sends the probes
     */
    public void start(EngineClient with) {
        control.execute(() -> controlStart(with));
    }

    private void controlStart(EngineClient with) {
        client = with;
        controlProbeNew(with);
        control.schedule(MODELS_INTERVAL, this::controlTick);
        control.schedule(START_GRACE, () -> graceIsOver = true);
    }

    private void controlProbeNew(EngineClient with) {
        for (Pool pool : pools) {
            pool.members().stream().filter(member -> !member.isProbed()).forEach(member -> controlProbe(member, with));
        }
    }

    private void controlProbe(Member member, EngineClient with) {
        var probed = new HealthProbe.Probed(
                member.engine(), () -> member.health().config(), outcome -> controlProbed(member, outcome));
        var random = (DoubleSupplier) () -> ThreadLocalRandom.current().nextDouble();
        var models = new ModelProbe(member.engine(), with, control, cards -> controlLearn(member, cards));
        member.controlProbe(new HealthProbe(probed, with, control, random), models);
    }

    private void controlTick() {
        members().forEach(Member::controlAskModels);
        pools.forEach(Pool::controlTidy);
        control.schedule(MODELS_INTERVAL, this::controlTick);
    }

    /**
     * Turns the fleet into that of another configuration. Pools are known by their names and engines by their addresses: those
     * in both keep their health, their models, their sessions, their counters and the requests that wait. A removed engine gets
     * no new request, and is forgotten, with its connections, when its last one has ended.
     *
     * @param next the configuration, with everything checked
     * @param applied run on the control plane, once requests are routed by it
     */
    public void apply(RouterConfig next, Runnable applied) {
        control.execute(() -> {
            controlChange(() -> controlChangePools(next));
            applied.run();
        });
    }

    /**
     * Gives a pool with discovery the engines that were found. It is as with another configuration: those that are still there
     * stay what they are, the others get no new request and are forgotten with their last one. Control plane.
     *
     * @param name the pool's; nothing happens if there is none, or if it lists its engines itself
     */
    public void controlList(String name, List<PoolConfig.EngineConfig> engines) {
        controlChange(() -> {
            pools.stream().filter(pool -> pool.name().equals(name)).forEach(pool -> pool.controlList(engines));
            models = directory();
        });
    }

    /** Published once, at the end: on the way a route could lead to a pool that is being removed. */
    private void controlChange(Runnable change) {
        applying = true;
        try {
            change.run();
        } finally {
            applying = false;
        }
        publish();
        if (client != null) {
            controlProbeNew(client);
        }
        controlWatchLeaving();
    }

    private void controlChangePools(RouterConfig next) {
        Map<String, Pool> known = new LinkedHashMap<>();
        all().forEach(pool -> known.put(pool.name(), pool));
        List<Pool> now = new ArrayList<>();
        for (PoolConfig pool : next.groups()) {
            Pool kept = known.remove(pool.name());
            if (kept == null) {
                now.add(new Pool(pool, sources));
            } else {
                kept.controlApply(pool);
                now.add(kept);
            }
        }
        known.values().forEach(Pool::controlLeave);
        config = next;
        pools = List.copyOf(now);
        removed = List.copyOf(known.values());
        models = directory();
    }

    private void controlWatchLeaving() {
        if (!forgetting && members().anyMatch(Member::isLeaving)) {
            forgetting = true;
            control.schedule(LEAVING_INTERVAL, this::controlForget);
        }
    }

    private void controlForget() {
        forgetting = false;
        List<Engine> gone = all().flatMap(pool -> pool.controlForget().stream()).toList();
        removed = removed.stream().filter(pool -> !pool.members().isEmpty()).toList();
        if (!gone.isEmpty()) {
            publish();
            gone.forEach(this::controlForget);
        }
        controlWatchLeaving();
    }

    private void controlForget(Engine gone) {
        log.info("engine {} has no request any more and is forgotten", gone);
        boolean elsewhere =
                members().anyMatch(member -> member.engine().endpoint().equals(gone.endpoint()));
        if (client != null && !elsewhere) {
            client.forget(gone.endpoint());
        }
    }

    /** The fleet as it is now; ask once per request. Any thread. */
    public FleetSnapshot snapshot() {
        return snapshot;
    }

    /** Tells {@code follower} of every new snapshot from the one of now on, on the control plane, and must not block it. */
    public void follow(Consumer<FleetSnapshot> follower) {
        control.execute(() -> {
            followers.add(follower);
            follower.accept(snapshot);
        });
    }

    private void controlProbed(Member member, ProbeOutcome outcome) {
        if (member.isLeaving()) {
            return;
        }
        boolean wasDown = member.health().state() == EngineState.DOWN;
        member.watch().controlProbed(outcome);
        if (wasDown && outcome.good()) {
            member.controlAskModels();
        }
    }

    private void controlLearn(Member member, List<ModelCard> cards) {
        if (!member.isLeaving() && member.controlLearn(cards)) {
            log.info("engine {} serves {}", member.engine(), String.join(", ", member.modelNames()));
            models = directory();
            publish();
        }
    }

    @Override
    public boolean drain(String engine, boolean draining) {
        boolean known = engines().stream().anyMatch(view -> view.engine().equals(engine));
        if (known) {
            control.execute(() -> members()
                    .filter(member -> member.engine().name().equals(engine) && !member.isLeaving())
                    .forEach(member -> member.watch().controlDrain(draining)));
        }
        return known;
    }

    private Stream<Pool> all() {
        return Stream.concat(pools.stream(), removed.stream());
    }

    private Stream<Member> members() {
        return all().flatMap(pool -> pool.members().stream());
    }

    /** Who waits in a removed pool learns of it once it can be routed by what is published. */
    private void publish() {
        if (applying) {
            return;
        }
        FleetSnapshot now = snapshotOfAll();
        followers.forEach(follower -> follower.accept(now));
        snapshot = now;
        removed.forEach(Pool::controlSnapshot);
        all().forEach(Pool::wake);
    }

    private FleetSnapshot snapshotOfAll() {
        return FleetSnapshot.of(
                config, pools.stream().map(Pool::controlSnapshot).toList(), models);
    }

    private ModelDirectory directory() {
        return ModelDirectory.of(pools);
    }

    @Override
    public List<EngineView> engines() {
        return pools().stream().flatMap(pool -> pool.engines().stream()).toList();
    }

    @Override
    public List<PoolView> pools() {
        return Stream.concat(
                        pools.stream().map(pool -> pool.view(graceIsOver, false)),
                        removed.stream().map(pool -> pool.view(graceIsOver, true)))
                .toList();
    }

    @Override
    public List<StateChanges> stateChanges() {
        return members().flatMap(member -> member.watch().changes().stream()).toList();
    }

    /** The clock of the fleet, the one that request heads are stamped with. */
    public Ticker ticker() {
        return control.ticker();
    }

    /** Stops probing; requests may still be routed on the last snapshot. */
    @Override
    public void close() {
        control.close();
    }
}
