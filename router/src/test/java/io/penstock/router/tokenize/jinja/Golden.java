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

    /** The text, or what failed and in which line. */
    static String expected(JsonNode outcome) {
        return outcome.has("expected")
                ? outcome.get("expected").asText()
                : outcome.get("error").asText() + " in line "
                        + outcome.get("line").asInt();
    }

    /** The same of this interpreter. */
    @SuppressWarnings("unchecked")
    static String actual(String template, JsonNode variables) {
        try {
            return Template.parse(template)
                    .render(JSON.convertValue(variables, Map.class), Bounds.usual(), Ticker.system(), NOW);
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
