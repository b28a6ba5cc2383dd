package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.DisaggregationConfig.OnPrefillFailure;
import io.penstock.router.config.PoolConfig.EngineConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisaggregationChecksTest {

    private static String pool(String how) {
        return "pools: [{name: p, prefill: {engines: [http://p:1]}, decode: {engines: [http://d:1]},"
                + " disaggregation: {" + how + "}}]";
    }

    @Test
    void aPoolHasAGroupForEachJob() {
        PoolConfig pool = Yaml.load(pool("protocol: vllm-nixl")).pools().get(0);

        List<PoolConfig> groups = pool.groups();
        assertThat(groups).extracting(PoolConfig::name).containsExactly("p", "p/prefill");
        assertThat(groups.get(0).engines()).containsExactly(new EngineConfig("http://d:1", null, false));
        assertThat(groups.get(1).engines()).containsExactly(new EngineConfig("http://p:1", null, false));
        assertThat(PoolConfig.isPrefill("p/prefill")).isTrue();
        assertThat(PoolConfig.poolOf("p/prefill")).isEqualTo("p");
    }

    @Test
    void whatIsLeftOutHasADefault() {
        DisaggregationConfig how =
                Yaml.load(pool("protocol: vllm-nixl")).pools().get(0).disaggregation();

        assertThat(how)
                .isEqualTo(new DisaggregationConfig(
                        DisaggregationConfig.Protocol.VLLM_NIXL,
                        DisaggregationConfig.When.ALWAYS,
                        0,
                        null,
                        null,
                        8998,
                        new DisaggregationConfig.TimeoutsConfig(Duration.ofMinutes(5), Duration.ofSeconds(30))));
    }

    @ParameterizedTest
    @CsvSource({
        "vllm-nixl, DECODE_LOCAL",
        "vllm-concurrent, DECODE_LOCAL",
        "sglang, STRICT",
        "'vllm-nixl, onPrefillFailure: strict', STRICT"
    })
    void aFailureIsMetAsTheEnginesCan(String protocol, OnPrefillFailure policy) {
        PoolConfig pool = Yaml.load(pool("protocol: " + protocol)).pools().get(0);

        assertThat(pool.disaggregation())
                .isNotNull()
                .satisfies(how -> assertThat(how.onFailure()).isEqualTo(policy));
    }

    @Test
    void theThreeSectionsBelongTogether() {
        assertThat(Yaml.lines("pools: [{name: p, prefill: {engines: [http://p:1]}, engines: [http://h:1]}]"))
                .containsExactly(
                        "1:9: pools[0]: prefill, decode and disaggregation belong together; decode is missing",
                        "1:9: pools[0]: prefill, decode and disaggregation belong together; disaggregation is missing",
                        "1:62: pools[0].engines: the engines of a disaggregated pool stand in prefill and decode");
    }

    @Test
    void anEngineDoesOneOfTheTwo() {
        assertThat(Yaml.lines(pool("protocol: vllm-nixl").replace("d:1", "p:1")))
                .containsExactly("1:72: pools[0].decode.engines[0].url: \"p:1\" is given twice; the first is"
                        + " pools[0].prefill.engines[0].url");
    }

    @Test
    void sglangPrefillsAlwaysElsewhere() {
        assertThat(Yaml.lines(pool("protocol: sglang, when: auto, whenUncachedTokensAtLeast: 1,"
                        + " onPrefillFailure: decode-local")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains("decode engines of SGLang cannot prefill"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "onPrefillFailure: aggregated | aggregated needs aggregatedPool",
                "onPrefillFailure: aggregated, aggregatedPool: p | is no other pool",
                "onPrefillFailure: aggregated, aggregatedPool: q | is no other pool",
                "onPrefillFailure: strict, aggregatedPool: q | is for onPrefillFailure: aggregated"
            })
    void anAggregatedPoolIsAnotherOne(String how, String problem) {
        assertThat(Yaml.lines(pool("protocol: vllm-nixl, " + how)))
                .singleElement()
                .asString()
                .contains(problem);
    }

    @Test
    void aPoolMayServeTheModelsOfThePoolItHelps() {
        RouterConfig config = Yaml.load("""
                pools:
                  - name: p
                    models: [m]
                    prefill: {engines: [http://p:1]}
                    decode: {engines: [http://d:1]}
                    disaggregation: {protocol: sglang, onPrefillFailure: aggregated, aggregatedPool: q}
                  - {name: q, models: [m], engines: [http://q:1]}
                """);

        assertThat(config.groups()).hasSize(3);
    }
}
