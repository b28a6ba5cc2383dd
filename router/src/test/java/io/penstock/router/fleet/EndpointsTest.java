package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.api.Endpoint;
import io.penstock.router.config.PoolConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EndpointsTest {

    private static Endpoint of(String url, PoolConfig.@Nullable Protocol own) {
        return Endpoints.of(new PoolConfig.EngineConfig(url, own, false), PoolConfig.Protocol.HTTP1);
    }

    @Test
    void addressesAreRead() {
        assertThat(of("http://h:1", null)).isEqualTo(new Endpoint("h", 1, Endpoint.Protocol.HTTP1));
        assertThat(of("http://h", null).port()).isEqualTo(80);
        assertThat(of("http://[::1]:9", null)).isEqualTo(new Endpoint("::1", 9, Endpoint.Protocol.HTTP1));
        assertThat(of("http://[::1]:9", null).authority()).isEqualTo("[::1]:9");
    }

    @Test
    void anEnginesOwnProtocolWins() {
        assertThat(of("http://h:1", PoolConfig.Protocol.H2C).protocol()).isEqualTo(Endpoint.Protocol.H2C);
        assertThat(of("http://h:1", PoolConfig.Protocol.AUTO).protocol()).isEqualTo(Endpoint.Protocol.AUTO);
    }

    @Test
    void otherSchemesAreADefectOfTheConfigurationsChecks() {
        assertThatThrownBy(() -> of("https://h:1", null)).hasMessageContaining("https://h:1");
        assertThatThrownBy(() -> of("h:1", null)).isInstanceOf(IllegalArgumentException.class);
    }
}
