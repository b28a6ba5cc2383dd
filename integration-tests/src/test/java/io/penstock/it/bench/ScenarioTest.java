package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScenarioTest {

    private static Scenario scenario(String name) {
        return Scenario.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void streamsBeginOverTheTimeOfOneOfThem() {
        assertThat(scenario("slow").ramp()).isEqualTo(Duration.ofMillis(128 * 20));
        assertThat(scenario("fast").ramp()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void onlyLoadsWithPausesSaySomethingAboutDelays() {
        assertThat(Scenario.all().stream().filter(Scenario::paced).map(Scenario::name))
                .containsExactly("slow", "many", "paced");
    }

    @Test
    void warmingUpIsManyShortRequestsWithoutPauses() {
        Scenario brief = scenario("paced").warmUp();
        assertThat(brief.shape()).isEqualTo(new Scenario.Shape(64, false, 1, 1000));
        assertThat(brief.timing().pause()).isZero();
    }

    @Test
    void promptsDifferNeedNoEscapesAndHaveTheLengthAskedFor() {
        String prompt = PreparedRequest.prompt(1, 1000);
        assertThat(prompt)
                .hasSizeBetween(1000, 1016)
                .matches("[ a-z,.:]+")
                .isNotEqualTo(PreparedRequest.prompt(2, 1000));
    }

    @Test
    void eventsOfAStreamSayTheirContentsOneBehindTheOther() {
        String events = """
                data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

                data: {"choices":[{"delta":{"content":" a\\n"}}]}

                data: {"choices":[{"delta":{"content":" b"}}]}

                data: [DONE]

                """;
        assertThat(Recorder.streamed(events)).isEqualTo(" a\n b");
    }
}
