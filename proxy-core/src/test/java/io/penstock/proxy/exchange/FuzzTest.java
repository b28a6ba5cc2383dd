package io.penstock.proxy.exchange;

import io.penstock.proxy.testkit.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The short run of the fuzz target here. */
final class FuzzTest {

    @Test
    void aDecisionOnTheFirstBytesStaysWhateverFollows() {
        var seeds = Stream.of(
                        "data: {\"error\":{\"message\":\"x\",\"code\":500}}\n\n",
                        "data:{ \"error\" : { \"code\":\"404\"}}\n\n",
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"}}\n\n",
                        "data: {\"id\":\"a\",\"choices\":[{\"text\":\"error\"}]}\n\n",
                        ": comment\n\ndata: [DONE]\n\n",
                        "event: message_start\ndata: {}\n\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
        Mutations.run(3, 20_000, seeds, FirstEventFuzz::fuzzerTestOneInput);
    }
}
