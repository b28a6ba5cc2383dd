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
    private List<Engine> pickable = List.of();
    private EngineSelector selector;

    Pool(PoolConfig config, List<Member> members, RoutingPolicy policy) {
        this.config = config;
        this.members = List.copyOf(members);
        this.policy = policy;
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
        return new PoolSnapshot(name(), standings(), pickable, selector);
    }

    /**
     * Engines that are up and not ejected; or all that are up, if those would be none or too small a share of the pool:
     * when much of a pool fails at once, ejecting it would only bury the rest.
     */
    private List<Engine> enginesThatMayBePicked() {
        List<Engine> in = new ArrayList<>();
        List<Engine> up = new ArrayList<>();
        int notDraining = 0;
        for (Member member : members) {
            EngineState state = member.health().state();
            notDraining += state == EngineState.DRAINING ? 0 : 1;
            if (state == EngineState.NEW || state == EngineState.READY) {
                in.add(member.engine());
                up.add(member.engine());
            } else if (state == EngineState.EJECTED) {
                up.add(member.engine());
            }
        }
        boolean panic = in.isEmpty() || in.size() < config.health().panicThreshold() * notDraining;
        return List.copyOf(panic ? up : in);
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
