package io.penstock.router.config;

import io.penstock.router.config.PoolConfig.EngineConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks within pools and between them. Threading: confined to one load. */
final class PoolChecks {

    private final RouterConfig config;
    private final Findings findings;
    private final Names poolNames;
    private final DisaggregationChecks disaggregation;

    PoolChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
        this.poolNames = new Names(findings);
        this.disaggregation = new DisaggregationChecks(config, findings);
    }

    void run() {
        for (int i = 0; i < config.pools().size(); i++) {
            PoolConfig pool = config.pools().get(i);
            String at = "pools[" + i + "]";
            if (findings.sound(at)) {
                name(pool, at + ".name");
                engines(pool.engines(), at + ".engines", findings);
                models(pool.models(), at + ".models");
                policy(pool.policy(), at + ".policy");
                health(pool.health(), at + ".health");
                group(pool.prefill(), at + ".prefill");
                group(pool.decode(), at + ".decode");
                disaggregation.check(pool, at);
            }
        }
        if (findings.sound("pools") && findings.sound("routes")) {
            sharedModels();
        }
    }

    private void group(@Nullable EngineGroupConfig group, String at) {
        if (group != null && findings.sound(at)) {
            engines(group.engines(), at + ".engines", findings);
            policy(group.policy(), at + ".policy");
            health(group.health(), at + ".health");
        }
    }

    private void name(PoolConfig pool, String at) {
        Names.checkLabel(pool.name(), at, findings);
        if (findings.sound(at)) {
            poolNames.claim(pool.name(), at);
        }
    }

    /** Addresses are addresses, and different ones. */
    static void engines(List<EngineConfig> engines, String at, Findings findings) {
        Names addresses = new Names(findings);
        for (int i = 0; i < engines.size(); i++) {
            String url = engines.get(i).url();
            String path = at + "[" + i + "].url";
            if (findings.sound(path)) {
                Optional<EngineUrl> address = EngineUrl.parse(url);
                address.ifPresentOrElse(
                        known -> addresses.claim(known.host() + ":" + known.port(), path),
                        () -> findings.report(path, EngineUrl.problem(url)));
            }
        }
    }

    private void models(List<String> models, String at) {
        Names names = new Names(findings);
        for (int i = 0; i < models.size(); i++) {
            String path = at + "[" + i + "]";
            Names.checkModel(models.get(i), path, findings);
            if (findings.sound(path)) {
                names.claim(models.get(i), path);
            }
        }
    }

    private void policy(PolicyConfig policy, String at) {
        String path = at + ".fallback";
        if (findings.sound(path) && policy.fallback() == PolicyConfig.Type.SESSION) {
            List<String> allowed = EnumNames.all(PolicyConfig.Type.class).stream()
                    .filter(name -> !name.equals("session"))
                    .toList();
            findings.report(
                    path,
                    "is for requests without a session, which session cannot place; allowed here: "
                            + String.join(", ", allowed));
        }
    }

    private void health(HealthConfig health, String at) {
        Names.checkPath(health.path(), at + ".path", findings);
        String longest = at + ".maxEjectFor";
        boolean sound = findings.sound(longest) && findings.sound(at + ".ejectFor");
        if (sound && health.maxEjectFor().compareTo(health.ejectFor()) < 0) {
            findings.report(
                    longest,
                    Units.text(health.maxEjectFor()) + " is shorter than the first ejection, ejectFor "
                            + Units.text(health.ejectFor()));
        }
    }

    /** A model of two pools has no single way to go, unless routes choose between those pools. */
    private void sharedModels() {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < config.pools().size(); i++) {
            List<String> models = config.pools().get(i).models();
            for (int j = 0; j < models.size(); j++) {
                Integer other = first.putIfAbsent(models.get(j), i);
                if (other != null && other != i) {
                    sharedModel(config.pools().get(other), config.pools().get(i), "pools[" + i + "].models[" + j + "]");
                }
            }
        }
    }

    private void sharedModel(PoolConfig first, PoolConfig second, String path) {
        if (findings.sound(path) && !(routed(first) && routed(second)) && !isFallback(first, second)) {
            String other = ScalarReader.echo(first.name());
            findings.report(
                    path,
                    "pool " + other + " serves this model too; name it in one pool, or write routes to both pools");
        }
    }

    /** True if one of them takes the requests whose prefill failed in the other. */
    private static boolean isFallback(PoolConfig first, PoolConfig second) {
        return second.name().equals(aggregatedPool(first)) || first.name().equals(aggregatedPool(second));
    }

    private static @Nullable String aggregatedPool(PoolConfig pool) {
        return pool.disaggregation() == null ? null : pool.disaggregation().aggregatedPool();
    }

    private boolean routed(PoolConfig pool) {
        return config.routes().stream()
                .flatMap(route -> route.to().stream())
                .anyMatch(target -> target.pool().equals(pool.name()));
    }
}
