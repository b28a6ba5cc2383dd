package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The image that the build makes is the one that the chart runs. */
final class ImageTest {

    private final Path router = Chart.folder().resolveSibling("router");
    private final String pom = Chart.text(router.resolve("pom.xml"));
    private final Manifests rendered = new Chart().render("{}");

    @Test
    void theChartNamesItAsTheBuildDoes() {
        String built =
                found(pom, "<image>(penstock:)\\$\\{image\\.tag}</image>") + found(pom, "<image.tag>(.*)</image.tag>");
        assertThat(rendered.routerContainer().path("image").asText()).isEqualTo(built);
    }

    @Test
    void itsUserIsTheChartsAndHasAName() {
        JsonNode pod = rendered.routerPod().path("securityContext");
        String user =
                pod.path("runAsUser").asText() + ":" + pod.path("runAsGroup").asText();
        assertThat(found(pom, "<user>(.*)</user>")).isEqualTo(user);
        assertThat(found(Chart.text(router.resolve("src/image/stage.sh")), "'penstock:x:(\\d+:\\d+):"))
                .isEqualTo(user);
    }

    @Test
    void theOnlyPlaceItWritesToIsAVolumeOfThePod() {
        assertThat(rendered.routerContainer()
                        .at("/securityContext/readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        assertThat(rendered.routerContainer().path("volumeMounts"))
                .filteredOn(mount -> !mount.path("readOnly").asBoolean())
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.path("mountPath").asText()).isEqualTo("/tmp");
                    assertThat(rendered.routerPod().path("volumes"))
                            .filteredOn(volume -> volume.path("name").equals(mount.path("name")))
                            .allMatch(volume -> volume.has("emptyDir"))
                            .hasSize(1);
                });
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }
}
