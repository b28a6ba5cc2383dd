package io.penstock.router.config;

import io.penstock.router.config.DisaggregationConfig.OnPrefillFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks of pools whose prefill and decode run on different engines. Threading: confined to one load. */
final class DisaggregationChecks {

    private final RouterConfig config;
    private final Findings findings;
    private final DiscoveryChecks discovery;

    DisaggregationChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
        this.discovery = new DiscoveryChecks(findings);
    }

    /** Reports what is wrong with the pool's groups of engines. */
    void check(PoolConfig pool, String at) {
        EngineGroupConfig prefill = pool.prefill();
        EngineGroupConfig decode = pool.decode();
        DisaggregationConfig how = pool.disaggregation();
        if (prefill == null && decode == null && how == null) {
            discovery.check(pool.engines(), pool.discovery(), at);
            return;
        }
        needed(prefill, at, "prefill");
        needed(decode, at, "decode");
        needed(how, at, "disaggregation");
        misplaced(!pool.engines().isEmpty(), at + ".engines");
        misplaced(pool.discovery() != null, at + ".discovery");
        group(prefill, at + ".prefill");
        group(decode, at + ".decode");
        if (prefill != null && decode != null && how != null && findings.sound(at)) {
            apart(prefill, decode, at);
            protocol(how, at + ".disaggregation");
            aggregated(pool, how, at + ".disaggregation");
        }
    }

    private void needed(@Nullable Record section, String at, String key) {
        if (section == null && findings.sound(at)) {
            findings.report(at, "prefill, decode and disaggregation belong together; " + key + " is missing");
        }
    }

    private void misplaced(boolean given, String path) {
        if (given && findings.sound(path)) {
            findings.report(path, "the engines of a disaggregated pool stand in prefill and decode");
        }
    }

    private void group(@Nullable EngineGroupConfig group, String at) {
        if (group != null && findings.sound(at)) {
            discovery.check(group.engines(), group.discovery(), at);
        }
    }

    private void apart(EngineGroupConfig prefill, EngineGroupConfig decode, String at) {
        Names addresses = new Names(findings);
        claim(addresses, prefill.engines(), at + ".prefill.engines");
        claim(addresses, decode.engines(), at + ".decode.engines");
        if (prefill.discovery() != null && prefill.discovery().equals(decode.discovery())) {
            findings.report(at + ".decode.discovery", "finds the same engines as prefill; select those that decode");
        }
    }

    private void claim(Names addresses, List<PoolConfig.EngineConfig> engines, String at) {
        for (int i = 0; i < engines.size(); i++) {
            String path = at + "[" + i + "].url";
            if (findings.sound(path)) {
                EngineUrl.parse(engines.get(i).url())
                        .ifPresent(known -> addresses.claim(known.host() + ":" + known.port(), path));
            }
        }
    }

    private void protocol(DisaggregationConfig how, String at) {
        if (!how.decodeNeedsPrefill() || !findings.sound(at)) {
            return;
        }
        if (how.when() != DisaggregationConfig.When.ALWAYS) {
            findings.report(at + ".when", "decode engines of SGLang cannot prefill, so it has to be always");
        }
        if (how.whenUncachedTokensAtLeast() > 0) {
            findings.report(
                    at + ".whenUncachedTokensAtLeast", "decode engines of SGLang cannot prefill, so it has to be 0");
        }
        if (how.onPrefillFailure() == OnPrefillFailure.DECODE_LOCAL) {
            findings.report(
                    at + ".onPrefillFailure",
                    "decode engines of SGLang cannot prefill; allowed here: strict, aggregated");
        }
    }

    private void aggregated(PoolConfig pool, DisaggregationConfig how, String at) {
        String path = at + ".aggregatedPool";
        String named = how.aggregatedPool();
        if (!findings.sound(at) || !findings.sound(path)) {
            return;
        }
        if (named == null) {
            if (how.onFailure() == OnPrefillFailure.AGGREGATED) {
                findings.report(at + ".onPrefillFailure", "aggregated needs aggregatedPool, the pool to go to");
            }
        } else if (how.onFailure() != OnPrefillFailure.AGGREGATED) {
            findings.report(path, "is for onPrefillFailure: aggregated");
        } else if (named.equals(pool.name()) || !isWhole(named)) {
            findings.report(path, ScalarReader.echo(named) + " is no other pool whose engines prefill and decode");
        }
    }

    private boolean isWhole(String name) {
        return config.pools().stream().anyMatch(pool -> pool.name().equals(name) && pool.disaggregation() == null);
    }
}
