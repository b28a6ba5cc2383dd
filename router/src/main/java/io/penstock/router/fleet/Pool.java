package io.penstock.router.fleet;

import io.penstock.proxy.api.Endpoint;
import io.penstock.router.config.PolicyConfig;
import io.penstock.router.config.PoolConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One pool as the control plane keeps it: makes the snapshots that requests are routed on. It stays the same through changes of
 * the configuration, and so do those of its engines that stay in it, with all that is known of them, and the requests that wait.
 *
 * <p>Threading: control plane; name, members, admission, view and the last snapshot may be read anywhere.
 */
final class Pool {

    private final Sources sources;
    private final Admission admission;
    private volatile List<Member> members = List.of();
    private volatile @Nullable PoolSnapshot now;
    private volatile boolean listed;
    private PoolConfig config;
    private List<PoolConfig.EngineConfig> engines;
    private RoutingPolicy policy;
    private List<Engine> pickable = List.of();
    private EngineSelector selector;

    /**
     * What pools are made with.
     *
     * @param policies makes a pool's policy
     * @param control the control plane
     * @param publish run on it after every change of an engine's state
     */
    record Sources(Function<PolicyConfig, RoutingPolicy> policies, ControlPlane control, Runnable publish) {}

    /** A pool of new engines. */
    Pool(PoolConfig config, Sources sources) {
        this.sources = sources;
        this.config = config;
        this.engines = config.engines();
        this.listed = config.discovery() == null;
        this.admission = new Admission(config.limits(), this::now);
        this.policy = sources.policies().apply(config.policy());
        this.selector = policy.selector(pickable);
        this.members = membersOf(config);
        controlSnapshot();
    }

    /** Takes over a new configuration: engines in both stay what they are, those that are gone leave. */
    void controlApply(PoolConfig next) {
        if (!next.policy().equals(config.policy())) {
            policy.controlRetire();
            policy = sources.policies().apply(next.policy());
            pickable = List.of();
        }
        admission.controlLimit(next.limits());
        if (next.discovery() == null) {
            engines = next.engines();
            listed = true;
        }
        members = membersOf(next);
        config = next;
    }

    /** Takes over what was discovered: engines that are still there stay what they are, those that are gone leave. */
    void controlList(List<PoolConfig.EngineConfig> discovered) {
        if (config.discovery() != null) {
            engines = List.copyOf(discovered);
            listed = true;
            members = membersOf(config);
        }
    }

    private List<Member> membersOf(PoolConfig next) {
        Map<Endpoint, Member> known = new LinkedHashMap<>();
        members.forEach(member -> known.put(member.engine().endpoint(), member));
        List<Member> all = new ArrayList<>();
        for (PoolConfig.EngineConfig engine : engines) {
            Endpoint endpoint = Endpoints.of(engine, next.protocol(), next.tls().value());
            Member kept = known.remove(endpoint);
            if (kept == null) {
                all.add(member(next, engine, endpoint));
            } else {
                kept.controlStay(engine, next.health());
                all.add(kept);
            }
        }
        known.values().forEach(Member::controlLeave);
        all.addAll(known.values());
        // labels may have changed, by which the policy goes
        pickable = List.of();
        return List.copyOf(all);
    }

    private Member member(PoolConfig pool, PoolConfig.EngineConfig engine, Endpoint endpoint) {
        var watched = new EngineWatch.Watched(pool.name(), endpoint.authority(), pool.health(), engine.drain());
        var watch = new EngineWatch(watched, sources.control(), sources.publish());
        return new Member(new Engine(pool.name(), endpoint, watch.passive(), admission), watch, engine);
    }

    /** The pool is in the configuration no more. */
    void controlLeave() {
        members.forEach(Member::controlLeave);
    }

    /** Forgets the engines that left and whose last request has ended; returns them. */
    List<Engine> controlForget() {
        List<Engine> gone = members.stream()
                .filter(member -> member.isLeaving() && member.engine().inFlight() == 0)
                .map(Member::engine)
                .toList();
        members = members.stream()
                .filter(member -> !gone.contains(member.engine()))
                .toList();
        return gone;
    }

    String name() {
        return config.name();
    }

    List<Member> members() {
        return members;
    }

    Admission admission() {
        return admission;
    }

    /** The last snapshot. */
    PoolSnapshot now() {
        return Objects.requireNonNull(now);
    }

    /**
     * The pool as metrics and the admin port see it. Any thread.
     *
     * @param settled true once it has had the time to become known
     */
    PoolView view(boolean settled, boolean isRemoved) {
        PoolSnapshot at = now();
        return new PoolView(
                at.name(),
                at.canServe() || at.isBusy(),
                settled || (listed && at.isProbed()),
                at.standings().stream().map(EngineView::of).toList(),
                at.room().waiting(),
                admission.limits(),
                isRemoved);
    }

    void controlTidy() {
        policy.controlTidy();
    }

    /** The pool as it is now. The selector is kept while it would pick among the same engines. */
    PoolSnapshot controlSnapshot() {
        List<Engine> picked = enginesThatMayBePicked();
        if (!picked.equals(pickable) || pickable.isEmpty()) {
            pickable = picked;
            selector = policy.selector(picked);
        }
        var snapshot = new PoolSnapshot(name(), standings(), pickable, selector, admission);
        now = snapshot;
        return snapshot;
    }

    /**
     * Engines that are up and not ejected; or all that are up, if those would be none or too small a share of the pool:
     * when much of a pool fails at once, ejecting it would only bury the rest. An engine that is tried gets one request
     * at a time, but in such a panic. A busy one is well, but not picked, so it is no part of the share that must stay pickable.
     */
    private List<Engine> enginesThatMayBePicked() {
        boolean panic = isPanic();
        List<Engine> picked = new ArrayList<>();
        for (Member member : members) {
            EngineState state = member.health().state();
            Trial trial = member.health().trial();
            if (trial != null) {
                trial.controlShare(panic);
            }
            member.engine().controlTrial(trial);
            boolean in = state == EngineState.NEW || state == EngineState.READY || state == EngineState.HALF_OPEN;
            if (in || (panic && state == EngineState.EJECTED)) {
                picked.add(member.engine());
            }
        }
        return List.copyOf(picked);
    }

    private boolean isPanic() {
        int well = 0;
        int notDraining = 0;
        for (Member member : members) {
            EngineState state = member.health().state();
            notDraining += state == EngineState.DRAINING ? 0 : 1;
            boolean in = state == EngineState.NEW || state == EngineState.READY;
            well += in ? 1 : 0;
        }
        return well == 0 || well < config.health().panicThreshold() * notDraining;
    }

    /** Offers room that a change of the fleet may have made to those who wait. */
    void wake() {
        admission.room().wake();
    }

    /** One that left is not shown beside another of its name, which is spoken to in another way. */
    private List<EngineStanding> standings() {
        Map<String, EngineStanding> byName = new LinkedHashMap<>();
        for (Member member : members) {
            var standing = new EngineStanding(
                    member.engine(),
                    member.health().state(),
                    modelsOf(member),
                    member.listed(),
                    member.health().backNanos());
            byName.putIfAbsent(member.engine().name(), standing);
        }
        return List.copyOf(byName.values());
    }

    private List<String> modelsOf(Member member) {
        return config.models().isEmpty() ? member.modelNames() : config.models();
    }

    PoolModels models() {
        Map<Engine, List<ModelCard>> listed = new LinkedHashMap<>();
        members.stream()
                .filter(member -> !member.isLeaving())
                .forEach(member -> listed.put(member.engine(), member.cards()));
        return new PoolModels(name(), config.models(), listed);
    }
}
