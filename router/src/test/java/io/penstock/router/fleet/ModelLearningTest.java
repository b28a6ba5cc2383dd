package io.penstock.router.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.PoolConfig;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ModelLearningTest {

    private final ManualControl control = new ManualControl();
    private final ScriptedEngines engines = new ScriptedEngines();

    private Fleet started(PoolConfig... pools) {
        Fleet fleet = new Fleet(Fleets.config(List.of(pools)), policy -> Fleets.firstLeft(), control);
        fleet.start(engines);
        return fleet;
    }

    @Test
    void modelsOfAllEnginesAreMergedAtTheStart() {
        engines.serves("a-1:8000", "base", "lora-1");
        engines.serves("a-2:8000", "base", "lora-2");
        engines.serves("b-1:8000", "other");
        Fleet fleet = started(Fleets.pool("a", 2), Fleets.pool("b", 1));

        ModelDirectory models = fleet.snapshot().models();
        assertThat(models.names()).containsExactly("base", "lora-1", "lora-2", "other");
        assertThat(models.poolsOf("lora-2")).containsExactly("a");
        assertThat(models.poolsOf("base:adapter")).containsExactly("a");
        assertThat(models.poolsOf("nothing")).isEmpty();
        assertThat(Objects.requireNonNull(models.card("base")).json()).contains("\"max_model_len\":4096");
        assertThat(fleet.engines().get(1).models()).containsExactly("base", "lora-2");
    }

    @Test
    void configuredModelsWin() {
        engines.serves("a-1:8000", "learned", "named");
        Fleet fleet = started(Fleets.pool("a", 1, "named", "unlisted"));

        ModelDirectory models = fleet.snapshot().models();
        assertThat(models.names()).containsExactly("named", "unlisted");
        assertThat(models.card("named")).isNotNull();
        assertThat(models.card("learned")).isNull();
        assertThat(models.isUnlearned("a")).isFalse();
    }

    @Test
    void newModelsAreFoundByAndBy() {
        engines.serves("a-1:8000", "base");
        Fleet fleet = started(Fleets.pool("a", 1));
        engines.serves("a-1:8000", "base", "lora");
        control.advance(Duration.ofSeconds(11));

        assertThat(fleet.snapshot().models().names()).containsExactly("base", "lora");
    }

    @Test
    void anEngineThatComesBackIsAskedAtOnce() {
        engines.dead("a-1:8000", true);
        Fleet fleet = started(Fleets.pool("a", 1));
        control.advance(Duration.ofSeconds(3));
        assertThat(fleet.snapshot().models().isUnlearned("a")).isTrue();

        engines.dead("a-1:8000", false);
        engines.serves("a-1:8000", "base");
        control.advance(Duration.ofMillis(2300));

        assertThat(fleet.snapshot().models().names()).containsExactly("base");
    }

    @Test
    void modelsStayKnownWhileTheirEnginesAreDown() {
        engines.serves("a-1:8000", "base");
        Fleet fleet = started(Fleets.pool("a", 1));
        engines.dead("a-1:8000", true);
        control.advance(Duration.ofMinutes(1));

        assertThat(fleet.snapshot().models().poolsOf("base")).containsExactly("a");
    }

    @Test
    void anUnchangedListChangesNoSnapshot() {
        engines.serves("a-1:8000", "base");
        Fleet fleet = started(Fleets.pool("a", 1));
        FleetSnapshot before = fleet.snapshot();
        control.advance(Duration.ofSeconds(15));
        engines.serves("a-1:8000", "base");
        control.advance(Duration.ofSeconds(15));

        assertThat(engines.asked("a-1:8000", "/v1/models")).isEqualTo(4);
        assertThat(fleet.snapshot()).isSameAs(before);
    }

    @Test
    void aListThatIsNoneIsNotTakenIn() {
        engines.answers("a-1:8000", "/v1/models", 200, "<html>");
        engines.answers(
                "b-1:8000", "/v1/models", 200, "{\"data\":[7,{},{\"id\":\"\"},{\"id\":\"" + "x".repeat(600) + "\"}]}");
        Fleet fleet = started(Fleets.pool("a", 1), Fleets.pool("b", 1));

        assertThat(fleet.snapshot().models().names()).isEmpty();
    }

    @Test
    void aSelectorIsKeptWhileItsEnginesStay() {
        Fleet fleet = started(Fleets.pool("a", 2), Fleets.pool("b", 1));
        EngineSelector before =
                Objects.requireNonNull(fleet.snapshot().pool("a")).selector();

        fleet.drain("b-1:8000", true);
        assertThat(Objects.requireNonNull(fleet.snapshot().pool("a")).selector())
                .isSameAs(before);
        fleet.drain("a-1:8000", true);
        assertThat(Objects.requireNonNull(fleet.snapshot().pool("a")).selector())
                .isNotSameAs(before);
    }
}
