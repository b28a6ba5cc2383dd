package io.penstock.router.fleet;

import io.penstock.router.config.PoolConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pool as the control plane keeps it: makes the snapshots that requests are routed on.
 *
 * <p>Threading: control plane; read-only parts may be read anywhere.
 */
final class Pool {

    private final PoolConfig config;
    private final List<Member> members;
    private final RoutingPolicy policy;
    private final Admission admission;
    private List<Engine> pickable = List.of();
    private EngineSelector selector;

    Pool(PoolConfig config, List<Member> members, RoutingPolicy policy, Admission admission) {
        this.config = config;
        this.members = List.copyOf(members);
        this.policy = policy;
        this.admission = admission;
        this.selector = policy.selector(pickable);
    }

    String name() {
        return config.name();
    }

    PoolConfig config() {
        return config;
    }

    List<Member> members() {
        return members;
    }

    void controlTidy() {
        policy.controlTidy();
    }

    /** The pool as it is now. The selector is kept while it would pick among the same engines. */
    PoolSnapshot controlSnapshot() {
        List<Engine> now = enginesThatMayBePicked();
        if (!now.equals(pickable) || pickable.isEmpty()) {
            pickable = now;
            selector = policy.selector(now);
        }
        return new PoolSnapshot(name(), standings(), pickable, selector, admission);
    }

    /**
     * Engines that are up and not ejected; or all that are up, if those would be none or too small a share of the pool:
     * when much of a pool fails at once, ejecting it would only bury the rest. An engine that is tried gets one request
     * at a time, but in such a panic. A busy one is well, but not picked.
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
            boolean in = state == EngineState.NEW || state == EngineState.READY || state == EngineState.BUSY;
            well += in ? 1 : 0;
        }
        return well == 0 || well < config.health().panicThreshold() * notDraining;
    }

    /** Offers room that a change of the fleet may have made to those who wait. */
    void wake() {
        admission.room().wake();
    }

    private List<EngineStanding> standings() {
        return members.stream()
                .map(member ->
                        new EngineStanding(member.engine(), member.health().state(), modelsOf(member)))
                .toList();
    }

    private List<String> modelsOf(Member member) {
        return config.models().isEmpty() ? member.modelNames() : config.models();
    }

    PoolModels models() {
        Map<Engine, List<ModelCard>> listed = new LinkedHashMap<>();
        members.forEach(member -> listed.put(member.engine(), member.cards()));
        return new PoolModels(name(), config.models(), listed);
    }
}
