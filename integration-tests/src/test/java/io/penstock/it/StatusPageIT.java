package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The status page on the admin port, as it is on the wire. */
final class StatusPageIT {

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void thePageAndItsFilesAreServedAndKept() throws IOException {
        RouterUnderTest under = router.start(router.engine());

        RawResponse page = under.adminGet("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<script src=\"status/uplot.js\" defer></script>");
        assertThat(page.head().value("content-security-policy")).startsWith("default-src 'none'");
        assertThat(under.adminGet("/status/uplot.js").text()).startsWith("/*! https://github.com/leeoniya/uPlot");
        assertThat(under.adminGet("/status/uplot-licence.txt").text()).startsWith("The MIT License (MIT)");
        assertThat(under.adminGet("/status/none.js").status()).isEqualTo(404);

        String tag = Objects.requireNonNull(page.head().value("etag"));
        try (RawClient client = under.adminClient()) {
            assertThat(client.get("/", "if-none-match: " + tag).readResponse().status())
                    .isEqualTo(304);
            assertThat(client.get("/livez").readResponse().text()).isEqualTo("alive\n");
        }
    }

    @Test
    void theStreamShowsEnginesAndWhatTheyDo() throws IOException {
        Gate finish = new Gate();
        FakeEngine engine = router.engine().answering(turn -> {
            turn.request();
            turn.eventStream()
                    .event("{\"a\":1}")
                    .await(finish)
                    .event("{\"a\":2}")
                    .end();
        });
        RouterUnderTest under = router.start(engine);
        under.awaitReady();
        RawClient client = router.client(under).post("/v1/completions", "{\"model\":\"m\",\"stream\":true}");
        WireHead head = client.readHead();

        try (StatusStream stream = StatusStream.of(under)) {
            JsonNode before = stream.next();
            assertThat(before.at("/ready").asBoolean()).isTrue();
            assertThat(before.at("/pools/0/name").asText()).isEqualTo("chat");
            assertThat(before.at("/pools/0/models/0").asText()).isEqualTo("m");
            assertThat(before.at("/pools/0/engines/0/name").asText()).isEqualTo(engine.name());
            assertThat(before.at("/pools/0/engines/0/state").asText()).isEqualTo("ready");
            assertThat(before.at("/pools/0/engines/0/inFlight").asInt()).isEqualTo(1);
            assertThat(before.get("requestsPerSecond").isNull()).isTrue();

            finish.open();
            var unused = client.readBody(head);
            stream.awaitField("/pools/0/engines/0/inFlight", "0");
            // the rates of a snapshot are read before its engines
            JsonNode after = stream.next();
            assertThat(after.at("/requestsPerSecond").asDouble()).isPositive();
            assertThat(after.at("/tokensPerSecond").asDouble()).isPositive();
            assertThat(after.at("/firstToken/median").asDouble()).isPositive();
            assertThat(after.at("/added/p95").asDouble()).isPositive();
        }
    }

    @Test
    void aWatcherThatLeavesIsForgotten() throws IOException {
        RouterUnderTest under = router.start(router.engine());
        try (StatusStream stays = StatusStream.of(under)) {
            try (StatusStream leaves = StatusStream.of(under)) {
                leaves.awaitField("/watchers", "2");
                stays.awaitField("/watchers", "2");
            }
            stays.awaitField("/watchers", "1");
        }
    }

    @Test
    void theEndOfTheRouterEndsTheStream() throws IOException {
        RouterUnderTest under = router.start(router.engine());
        try (StatusStream stream = StatusStream.of(under)) {
            stream.next();
            under.close();
            assertThat(stream.isClosedByRouter()).isTrue();
        }
    }
}
