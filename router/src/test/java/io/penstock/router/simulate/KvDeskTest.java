package io.penstock.router.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.KvSide.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What simulated engines do with the KV caches of others, and how they say what went wrong. */
final class KvDeskTest {

    private static final String PATH = "/v1/completions";

    private final KvNetwork network = new KvNetwork();
    private final List<EngineBench> engines = new ArrayList<>();

    @AfterEach
    void close() {
        engines.forEach(EngineBench::close);
    }

    private EngineBench engine(Connector connector, Role role, Duration lease) {
        var side = new KvSide(network, connector, role, lease, Duration.ofSeconds(1));
        EngineBench engine = new EngineBench(SimulatedEngineOptions.builder()
                .time(TimeModel.instant())
                .kv(side)
                .build());
        engines.add(engine);
        return engine;
    }

    private static JsonNode ask(EngineBench engine, String params) {
        BenchClient client = engine.post(PATH, "{\"prompt\":\"p\",\"max_tokens\":1" + params + "}");
        engine.advance(2);
        return client.json();
    }

    private static String prefill(EngineBench engine) {
        return ask(engine, ",\"kv_transfer_params\":{\"do_remote_decode\":true}")
                .path("kv_transfer_params")
                .toString();
    }

    @Test
    void blocksAreFetchedOnce() {
        EngineBench decode = engine(Connector.NIXL, Role.DECODE, Duration.ofSeconds(30));
        String params =
                ",\"kv_transfer_params\":" + prefill(engine(Connector.NIXL, Role.PREFILL, Duration.ofSeconds(30)));
        assertThat(network.stranded()).isEqualTo(1);
        assertThat(ask(decode, params).has("choices")).isTrue();
        assertThat(network.stranded()).isZero();
        assertThat(ask(decode, params).at("/error/code").asInt()).isEqualTo(500);
        assertThat(decode.counters().kv(KvEvent.FETCHED)).isEqualTo(1);
        assertThat(decode.counters().kv(KvEvent.UNKNOWN)).isEqualTo(1);
        assertThat(decode.connect().get("/metrics").body()).contains("sim_kv_transfers_total{result=\"unknown\",} 1.0");
    }

    @Test
    void anExpiredLeaseIsSeen() {
        EngineBench decode = engine(Connector.NIXL, Role.DECODE, Duration.ofSeconds(30));
        String params = ",\"kv_transfer_params\":" + prefill(engine(Connector.NIXL, Role.PREFILL, Duration.ZERO));
        assertThat(ask(decode, params).at("/error/message").asText()).contains("expired");
        assertThat(decode.counters().kv(KvEvent.EXPIRED)).isEqualTo(1);
    }

    @Test
    void whoIsToldTooLittlePrefillsByItself() {
        EngineBench decode = engine(Connector.NIXL, Role.DECODE, Duration.ofSeconds(30));
        assertThat(ask(decode, ",\"kv_transfer_params\":{\"do_remote_prefill\":true,\"remote_host\":\"h\"}")
                        .has("choices"))
                .isTrue();
        assertThat(ask(decode, "").has("choices")).isTrue();
        assertThat(decode.counters().kv(KvEvent.INCOMPLETE)).isEqualTo(1);
        assertThat(decode.counters().kv(KvEvent.LOCAL_PREFILL)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"bootstrap_room\":4.5e18",
                ",\"bootstrap_room\":\"5\"",
                ",\"bootstrap_room\":-1",
                ",\"bootstrap_room\":[1,2]"
            })
    void aRoomMustBeAnInteger(String room) {
        EngineBench decode = engine(Connector.SGLANG, Role.DECODE, Duration.ofSeconds(30));
        assertThat(ask(decode, room).at("/error/code").asInt()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"SGLANG, PREFILL", "SGLANG, DECODE", "PUSH, DECODE"})
    void whoWaitsAloneTimesOut(Connector connector, Role role) {
        EngineBench engine = engine(connector, role, Duration.ofSeconds(30));
        String params = connector == Connector.SGLANG
                ? ",\"bootstrap_host\":\"127.0.0.1\",\"bootstrap_port\":8998,\"bootstrap_room\":9007199254740993"
                : ",\"kv_transfer_params\":{\"do_remote_prefill\":true,\"transfer_id\":\"x\",\"remote_engine_id\":\"e\",\"remote_bootstrap_addr\":\"h\"}";
        BenchClient client = engine.post(PATH, "{\"prompt\":\"p\",\"max_tokens\":1" + params + "}");
        engine.advance(999);
        assertThat(engine.counters().kv(KvEvent.TIMED_OUT)).isZero();
        engine.advance(2);
        assertThat(client.json().at("/error/code").asInt()).isEqualTo(500);
        assertThat(engine.counters().kv(KvEvent.TIMED_OUT)).isEqualTo(1);
        assertThat(network.stranded()).isZero();
    }
}
