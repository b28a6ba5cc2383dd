package io.penstock.router.tokenize.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.proxy.runtime.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the reference implementation made of one-feature templates, failures included, is what this one makes. */
class GoldenSnippetsTest {

    private static final Clock NOW = Clock.fixed(Instant.parse("2026-03-07T09:05:03.000042Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everySnippetRendersOrFailsAsTheReferenceDoes() throws IOException {
        List<String> differences = new ArrayList<>();
        int renderings = 0;
        int failures = 0;
        for (JsonNode golden : JSON.readTree(Path.of("src/test/golden/snippets.json").toFile())) {
            String expected = expected(golden);
            String actual = actual(golden);
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

    private static String expected(JsonNode golden) {
        return golden.has("expected")
                ? golden.get("expected").asText()
                : golden.get("error").asText() + " in line " + golden.get("line").asInt();
    }

    private static String actual(JsonNode golden) {
        Map<?, ?> variables = JSON.convertValue(golden.get("variables"), Map.class);
        try {
            @SuppressWarnings("unchecked")
            String text = Template.parse(golden.get("template").asText())
                    .render((Map<String, Object>) variables, Bounds.usual(), Ticker.system(), NOW);
            return text;
        } catch (TemplateException e) {
            String reason = switch (e.kind()) {
                case SYNTAX -> "syntax";
                case RAISED -> e.reason();
                default -> "failed";
            };
            return reason + " in line " + e.line();
        }
    }
}
