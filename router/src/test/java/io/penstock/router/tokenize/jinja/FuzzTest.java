package io.penstock.router.tokenize.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.Mutations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short run of the fuzz target here. */
final class FuzzTest {

    @Test
    void damagedTemplatesAreRenderedOrRefused() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (JsonNode snippet : Golden.read("snippets.json")) {
            seeds.add(snippet.get("template").asText().getBytes(StandardCharsets.UTF_8));
        }
        Mutations.run(5, 10_000, seeds, TemplateFuzz::fuzzerTestOneInput);
    }
}
