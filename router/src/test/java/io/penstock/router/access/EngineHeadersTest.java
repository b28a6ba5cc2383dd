package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.penstock.router.config.EngineKeyConfig;
import io.penstock.router.config.RouteAccessConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineHeadersTest {

    private static final EngineHeaders UNTRUSTED = new EngineHeaders(false, false, null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-data-parallel-rank",
                "X-Vllm-Priority",
                "x-prefiller-host-port",
                "X-Override-Bootstrap-Host",
                "x-override-anything-new",
                "Authorization",
                "X-Api-Key",
                "api-key",
                "Cookie"
            })
    void areTakenOut(String name) {
        assertThat(applied(UNTRUSTED, name, "1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-stainless-lang", "x-session-id", "openai-organization", "traceparent", "x-overrides"})
    void othersStay(String name) {
        assertThat(applied(UNTRUSTED, name, "1").get(name)).isEqualTo("1");
    }

    @Test
    void repeatedOnesAreTakenOutAllTogether() {
        HttpHeaders headers = new DefaultHttpHeaders()
                .add("x-override-rid", "1")
                .add("a", "1")
                .add("X-OVERRIDE-RID", "2")
                .add("x-override-priority", "3");
        UNTRUSTED.apply(headers);
        assertThat(headers.names()).containsExactly("a");
    }

    @Test
    void trustedClientsKeepThem() {
        EngineHeaders trusted = new EngineHeaders(true, false, null);
        assertThat(applied(trusted, "x-data-parallel-rank", "1").contains("x-data-parallel-rank"))
                .isTrue();
        assertThat(applied(trusted, "x-request-id", "___prefill_addr_h:1___").get("x-request-id"))
                .isEqualTo("___prefill_addr_h:1___");
    }

    @Test
    void aRequestIdNamesNoHosts() {
        assertThat(applied(UNTRUSTED, "x-request-id", "___prefill_addr_h:1___decode_addr_g:2_x")
                        .get("x-request-id"))
                .isEqualTo("---prefill-addr-h:1---decode-addr-g:2-x");
        assertThat(applied(UNTRUSTED, "x-request-id", "my_id").get("x-request-id"))
                .isEqualTo("my_id");
    }

    @Test
    void theEnginesOwnKeyReplacesTheClients() throws IOException {
        EngineKey key = new EngineKey("p", new EngineKeyConfig("K", null), name -> " s3cret\n");
        assertThat(applied(new EngineHeaders(false, true, key), "authorization", "Bearer client")
                        .getAll("authorization"))
                .containsExactly("Bearer s3cret");
    }

    @Test
    void credentialsGoThroughOnlyWhereNobodyElseJudgesThem() throws IOException {
        EngineKey key = new EngineKey("keyed", new EngineKeyConfig("K", null), name -> "k");
        assertThat(sent(false, false, "plain")).containsExactly("Bearer client");
        assertThat(sent(false, false, "keyed", key)).containsExactly("Bearer k");
        assertThat(sent(true, false, "plain")).isEmpty();
        assertThat(sent(true, true, "plain")).containsExactly("Bearer client");
    }

    private static List<String> sent(boolean someoneIsKnown, boolean forward, String pool, EngineKey... keys) {
        var config = new RouteAccessConfig(false, List.of(), null, false, forward, 0, 0);
        Map<String, EngineKey> byPool = keys.length == 0 ? Map.of() : Map.of(pool, keys[0]);
        var access = new RouteAccess(config, someoneIsKnown, byPool, RateLimit.NONE, null);
        HttpHeaders headers = new DefaultHttpHeaders().add("authorization", "Bearer client");
        access.toEngine(Caller.ANYONE, pool).apply(headers);
        return headers.getAll("authorization");
    }

    private static HttpHeaders applied(EngineHeaders edits, String name, String value) {
        HttpHeaders headers = new DefaultHttpHeaders().add(name, value);
        edits.apply(headers);
        return headers;
    }
}
