package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class EngineListTest {

    @Test
    void itMakesOnePoolNamedDefault() throws ConfigException {
        RouterConfig config = EngineList.config(8000, 0, List.of("http://h:1", "http://h:2"));

        assertThat(config)
                .isEqualTo(
                        Yaml.load(
                                "{server: {port: 8000, adminPort: 0}, pools: [{name: default, engines: [http://h:1, http://h:2]}]}"));
    }

    @Test
    void itsProblemsHaveNoPosition() {
        ConfigException refusal = catchThrowableOfType(
                ConfigException.class, () -> EngineList.config(70000, 0, List.of("h:1\", x: \"", "http://h:2")));

        assertThat(ConfigReport.of("--engines", refusal.problems())).isEqualTo("""
                --engines: server.port: 70000 is above the maximum 65535; the minimum is 0 (data port; 0 takes a free one)
                --engines: pools[0].engines[0].url: "h:1", x: "" is not an engine's address; write http://host:port or \
                https://host:port, such as http://10.0.0.11:8000""");
    }

    @Test
    void itNeedsAnEngine() {
        ConfigException refusal = catchThrowableOfType(ConfigException.class, () -> EngineList.config(0, 0, List.of()));

        assertThat(refusal.problems()).hasSize(1);
    }
}
