package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.ServerConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OwnZoneTest {

    private static ServerConfig server(String written) throws ConfigException {
        return ConfigLoader.parse("pools: [{ name: p, engines: [http://a:1] }]\nserver: " + written)
                .server();
    }

    @Test
    void theConfigurationSaysItAndElseTheEnvironment() throws ConfigException {
        var environment = Map.of("PENSTOCK_ZONE", "eu-1b");
        assertThat(OwnZone.of(server("{ zone: eu-1a }"), environment)).isEqualTo("eu-1a");
        assertThat(OwnZone.of(server("{ port: 1 }"), environment)).isEqualTo("eu-1b");
        assertThat(OwnZone.of(server("{ port: 1 }"), Map.of())).isEmpty();
        assertThat(OwnZone.told(server("{ zone: eu-1a }"))).isEqualTo(", engines of zone eu-1a first");
    }
}
