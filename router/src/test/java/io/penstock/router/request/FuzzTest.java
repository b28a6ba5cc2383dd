package io.penstock.router.request;

import io.penstock.proxy.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The short run of the fuzz target here. */
final class FuzzTest {

    @Test
    void damagedBodiesAreReadTheSameHoweverTheyAreCut() {
        var seeds = Stream.of(
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"b\\\" \u00e9\"}]}",
                        "{\"mod\\u0065l\":\"\\ud83d\\ude00\",\"user\":12.5e3,\"metadata\":{\"session_id\":\"s\",\"x\":[1,{}]}}",
                        " { \"model\" : null , \"model\" : \"n\" , \"prompt\" : [ 1 , 2 , 3 ] } ",
                        "{\"stream\":false,\"user\":\"\",\"metadata\":{\"session_id\":7}}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        Mutations.run(4, 10_000, seeds, BodyScanFuzz::fuzzerTestOneInput);
    }
}
