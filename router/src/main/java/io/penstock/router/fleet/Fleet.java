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
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;
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

    private final ControlPlane control;
    private final List<Pool> pools = new ArrayList<>();
    private final Map<Member, ModelProbe> modelProbes = new LinkedHashMap<>();
    private ModelDirectory models;
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
        for (PoolConfig pool : config.pools()) {
            var admission = new Admission(
                    pool.limits(), () -> Objects.requireNonNull(snapshot().pool(pool.name())));
            pools.add(new Pool(pool, members(pool, admission), policies.apply(pool.policy()), admission));
        }
        this.models = directory();
        this.snapshot = snapshotOfAll();
    }

    private List<Member> members(PoolConfig pool, Admission admission) {
        return pool.engines().stream()
                .map(engine -> member(pool, engine, admission))
                .toList();
    }

    private Member member(PoolConfig pool, PoolConfig.EngineConfig config, Admission admission) {
        var endpoint = Endpoints.of(config, pool.protocol(), pool.tls().value());
        var watched = new EngineWatch.Watched(pool.name(), endpoint.authority(), pool.health(), config.drain());
        var watch = new EngineWatch(watched, control, this::publish);
        return new Member(new Engine(pool.name(), endpoint, watch.passive(), admission), watch);
    }

    /**
     * Begins probing every engine and learning their models.
     *
     * @param client sends the probes
     */
    public void start(EngineClient client) {
        control.execute(() -> controlStart(client));
    }

    private void controlStart(EngineClient client) {
        for (Pool pool : pools) {
            for (Member member : pool.members()) {
                Engine engine = member.engine();
                modelProbes.put(member, new ModelProbe(engine, client, control, cards -> controlLearn(member, cards)));
                var probed = new HealthProbe.Probed(
                        engine, pool.config().health(), outcome -> controlProbed(member, outcome));
                new HealthProbe(
                                probed,
                                client,
                                control,
                                () -> ThreadLocalRandom.current().nextDouble())
                        .controlProbe();
            }
        }
        controlTick();
        control.schedule(START_GRACE, () -> graceIsOver = true);
    }

    private void controlTick() {
        modelProbes.values().forEach(ModelProbe::controlAsk);
        pools.forEach(Pool::controlTidy);
        control.schedule(MODELS_INTERVAL, this::controlTick);
    }

    /** The fleet as it is now; ask once per request. Any thread. */
    public FleetSnapshot snapshot() {
        return snapshot;
    }

    private void controlProbed(Member member, ProbeOutcome outcome) {
        boolean wasDown = member.health().state() == EngineState.DOWN;
        member.watch().controlProbed(outcome);
        ModelProbe models = modelProbes.get(member);
        if (wasDown && outcome.good() && models != null) {
            models.controlAsk();
        }
    }

    private void controlLearn(Member member, List<ModelCard> cards) {
        if (member.controlLearn(cards)) {
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
                    .filter(member -> member.engine().name().equals(engine))
                    .forEach(member -> member.watch().controlDrain(draining)));
        }
        return known;
    }

    private Stream<Member> members() {
        return pools.stream().flatMap(pool -> pool.members().stream());
    }

    private void publish() {
        snapshot = snapshotOfAll();
        pools.forEach(Pool::wake);
    }

    private FleetSnapshot snapshotOfAll() {
        Map<String, PoolSnapshot> byName = new LinkedHashMap<>();
        pools.forEach(pool -> byName.put(pool.name(), pool.controlSnapshot()));
        return new FleetSnapshot(byName, models);
    }

    private ModelDirectory directory() {
        return new ModelDirectory(pools.stream().map(Pool::models).toList());
    }

    @Override
    public List<EngineView> engines() {
        return snapshot.pools().values().stream()
                .flatMap(pool -> pool.standings().stream())
                .map(Fleet::view)
                .toList();
    }

    private static EngineView view(EngineStanding at) {
        Engine engine = at.engine();
        return new EngineView(
                engine.pool(), engine.name(), at.state(), engine.inFlight(), engine.sessionsHomed(), at.models());
    }

    @Override
    public List<PoolView> pools() {
        FleetSnapshot now = snapshot;
        boolean waitedEnough = graceIsOver;
        return pools.stream()
                .map(pool -> view(pool, Objects.requireNonNull(now.pool(pool.name())), waitedEnough))
                .toList();
    }

    private static PoolView view(Pool pool, PoolSnapshot now, boolean waitedEnough) {
        return new PoolView(
                now.name(),
                now.canServe() || now.isBusy(),
                waitedEnough || now.isProbed(),
                now.standings().stream().map(Fleet::view).toList(),
                now.room().waiting(),
                pool.config().limits());
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
