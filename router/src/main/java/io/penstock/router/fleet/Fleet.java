package io.penstock.router.fleet;

import io.penstock.proxy.api.EngineClient;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.config.RouterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Every pool and engine of the router: turns probes, ejections and draining into snapshots that requests are routed on.
 *
 * <p>Threading: changed on the control plane only, and published by one volatile write; read from any thread. Nothing on
 * the way of a request waits for the control plane.
 */
public final class Fleet implements FleetView, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final Duration MODELS_INTERVAL = Duration.ofSeconds(10);

    private final ControlPlane control;
    private final List<Pool> pools = new ArrayList<>();
    private final Map<Member, ModelProbe> modelProbes = new LinkedHashMap<>();
    private ModelDirectory models;
    private volatile FleetSnapshot snapshot;

    /**
     * A fleet of the configured pools; every engine is new, and picked. Nothing is probed before {@link #start}.
     *
     * @param policies makes each pool's policy
     * @param control the thread that changes the fleet; closed with it
     */
    public Fleet(RouterConfig config, Function<PolicyConfig, RoutingPolicy> policies, ControlPlane control) {
        this.control = control;
        for (PoolConfig pool : config.pools()) {
            pools.add(new Pool(pool, members(pool), policies.apply(pool.policy())));
        }
        this.models = directory();
        this.snapshot = snapshotOfAll();
    }

    private List<Member> members(PoolConfig pool) {
        return pool.engines().stream().map(engine -> member(pool, engine)).toList();
    }

    private Member member(PoolConfig pool, PoolConfig.EngineConfig config) {
        var endpoint = Endpoints.of(config, pool.protocol(), pool.tls().value());
        var passive = new PassiveHealth(
                pool.health().ejectAfter(),
                () -> control.execute(() -> controlEject(pool.name(), endpoint.authority())));
        var engine = new Engine(pool.name(), endpoint, passive);
        return new Member(engine, new EngineHealth(pool.health(), passive, config.drain()));
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
                var probed =
                        new HealthProbe.Probed(engine, pool.config().health(), good -> controlProbed(member, good));
                new HealthProbe(
                                probed,
                                client,
                                control,
                                () -> ThreadLocalRandom.current().nextDouble())
                        .controlProbe();
            }
        }
        controlTick();
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

    private void controlProbed(Member member, boolean good) {
        boolean wasDown = member.health().state() == EngineState.DOWN;
        controlChange(member, health -> health.controlProbed(good));
        ModelProbe models = modelProbes.get(member);
        if (wasDown && good && models != null) {
            models.controlAsk();
        }
    }

    private void controlEject(String pool, String engine) {
        controlEach(at -> at.engine().pool().equals(pool) && at.engine().name().equals(engine), this::controlEject);
    }

    private void controlEject(Pool pool, Member member) {
        Duration time = member.health().controlEject(control.ticker().nanos());
        log.warn(
                "engine {} failed {} times in a row: ejected for {} ms",
                member.engine(),
                pool.config().health().ejectAfter(),
                time.toMillis());
        publish();
        control.schedule(time, () -> controlReturn(member));
    }

    private void controlReturn(Member member) {
        controlChange(member, health -> health.controlReturn(control.ticker().nanos()));
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
            control.execute(() -> controlEach(
                    at -> at.engine().name().equals(engine),
                    (pool, member) -> controlChange(member, health -> health.controlDrain(draining))));
        }
        return known;
    }

    private void controlEach(Predicate<Member> wanted, BiConsumer<Pool, Member> action) {
        for (Pool pool : pools) {
            pool.members().stream().filter(wanted).forEach(member -> action.accept(pool, member));
        }
    }

    private void controlChange(Member member, Consumer<EngineHealth> change) {
        EngineState before = member.health().state();
        change.accept(member.health());
        EngineState after = member.health().state();
        if (before != after) {
            log.atLevel(after == EngineState.DOWN ? Level.WARN : Level.INFO)
                    .log("engine {} is {}, was {}", member.engine(), after.label(), before.label());
            publish();
        }
    }

    private void publish() {
        snapshot = snapshotOfAll();
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
    public boolean ready() {
        return snapshot.pools().values().stream().allMatch(PoolSnapshot::canServe);
    }

    /** Stops probing; requests may still be routed on the last snapshot. */
    @Override
    public void close() {
        control.close();
    }
}
