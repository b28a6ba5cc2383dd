package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EngineTls;
import io.penstock.router.config.PoolConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EndpointsTest {

    private static final EngineTls TRUST = new EngineTls("ca.pem", true, null);

    private static Endpoint of(String url, PoolConfig.@Nullable Protocol own) {
        return Endpoints.of(new PoolConfig.EngineConfig(url, own, false), PoolConfig.Protocol.HTTP1, TRUST);
    }

    @Test
    void addressesAreRead() {
        assertThat(of("http://h:1", null)).isEqualTo(new Endpoint("h", 1, Endpoint.Protocol.HTTP1));
        assertThat(of("http://vllm_1:1", null)).isEqualTo(new Endpoint("vllm_1", 1, Endpoint.Protocol.HTTP1));
        assertThat(of("http://[::1]:9", null)).isEqualTo(new Endpoint("::1", 9, Endpoint.Protocol.HTTP1));
        assertThat(of("http://[::1]:9", null).authority()).isEqualTo("[::1]:9");
    }

    @Test
    void anEnginesOwnProtocolWins() {
        assertThat(of("http://h:1", PoolConfig.Protocol.H2C).protocol()).isEqualTo(Endpoint.Protocol.H2C);
        assertThat(of("http://h:1", PoolConfig.Protocol.AUTO).protocol()).isEqualTo(Endpoint.Protocol.AUTO);
    }

    @Test
    void onlyAnEngineWithHttpsHasTls() {
        assertThat(of("https://h:1", null)).isEqualTo(new Endpoint("h", 1, Endpoint.Protocol.HTTP1, TRUST));
        assertThat(of("http://h:1", null).tls()).isNull();
        assertThat(of("https://h:1", PoolConfig.Protocol.HTTP2).protocol()).isEqualTo(Endpoint.Protocol.H2C);
    }

    @Test
    void whatIsNoAddressIsADefectOfTheConfigurationsChecks() {
        assertThatThrownBy(() -> of("ftp://h:1", null)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> of("h:1", null)).isInstanceOf(IllegalStateException.class);
    }
}
