package io.penstock.router.tokenize.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.proxy.runtime.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** The golden files, which {@code src/test/golden/make_goldens.py} wrote, and what this interpreter makes of the same. */
final class Golden {

    static final Path FOLDER = Path.of("src/test/golden");

    /** The moment that {@code reference.py} takes for now. */
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-03-07T09:05:03.000042Z"), ZoneOffset.UTC);

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    static JsonNode read(String file) throws IOException {
        return JSON.readTree(FOLDER.resolve(file).toFile());
    }

    /** The text, or what was said of the failure and in which line; the reference does not know that of every failure. */
    static String expected(JsonNode outcome) {
        return outcome.has("expected")
                ? outcome.get("expected").asText()
                : failure(outcome.get("error").asText(), outcome.get("line").asInt());
    }

    private static String failure(String reason, int line) {
        return reason + " in line " + line;
    }

    /** The same of this interpreter. */
    @SuppressWarnings("unchecked")
    static String actual(String template, JsonNode variables, JsonNode outcome) {
        try {
            return Template.parse(template)
                    .render(JSON.convertValue(variables, Map.class), Bounds.usual(), Ticker.system(), NOW);
        } catch (TemplateException e) {
            boolean lineKnown = outcome.hasNonNull("line");
            return failure(e.kind() == TemplateException.Kind.RAISED ? e.reason() : "failed", lineKnown ? e.line() : 0);
        }
    }
}
