package io.penstock.router.tokenize.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each template in the style of a family renders each conversation, or refuses it, as the reference implementation did. */
class GoldenRenderingsTest {

    static List<String> templates() throws IOException {
        try (Stream<Path> files = Files.list(Golden.FOLDER.resolve("templates"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyConversationRendersOrFailsAsTheReferenceDoes(String template) throws IOException {
        String source = Files.readString(Golden.FOLDER.resolve("templates").resolve(template));
        List<String> differences = new ArrayList<>();
        int renderings = 0;
        for (JsonNode golden : Golden.read("renderings.json")) {
            JsonNode outcome = golden.get("outcomes").get(template);
            String actual = Golden.actual(source, golden.get("variables"), outcome);
            if (!actual.equals(Golden.expected(outcome))) {
                differences.add(golden.get("name").asText() + "\nexpected: " + Golden.expected(outcome) + "\nactual:   "
                        + actual);
            }
            renderings += outcome.has("expected") ? 1 : 0;
        }
        assertThat(differences).isEmpty();
        assertThat(renderings).isGreaterThan(30);
    }
}
