package io.penstock.router.tokenize.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the reference implementation made of one-feature templates, failures included, is what this one makes. */
class GoldenSnippetsTest {

    @Test
    void everySnippetRendersOrFailsAsTheReferenceDoes() throws IOException {
        List<String> differences = new ArrayList<>();
        int renderings = 0;
        int failures = 0;
        for (JsonNode golden : Golden.read("snippets.json")) {
            String expected = Golden.expected(golden);
            String actual = Golden.actual(golden.get("template").asText(), golden.get("variables"), golden);
            if (!actual.equals(expected)) {
                differences.add(golden.get("name").asText() + ": " + golden.get("template") + "\nexpected: " + expected
                        + "\nactual:   " + actual);
            }
            renderings += golden.has("expected") ? 1 : 0;
            failures += golden.has("error") ? 1 : 0;
        }
        assertThat(differences).isEmpty();
        assertThat(renderings).isGreaterThan(190);
        assertThat(failures).isGreaterThan(100);
    }
}
