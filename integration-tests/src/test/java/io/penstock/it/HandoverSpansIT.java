package io.penstock.it;

import static io.penstock.it.PrefillDecodeStand.chat;
import static io.penstock.it.PrefillDecodeStand.posts;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.KvSide.Connector;
import io.penstock.router.simulate.SimulatedEngine;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The spans of a request that is prefilled and decoded on different engines. */
final class HandoverSpansIT {

    @Order(1)
    @RegisterExtension
    private final OtlpCollector collector = OtlpCollector.start();

    @Order(2)
    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    private @Nullable PrefillDecodeStand stand;

    @AfterEach
    void close() {
        if (stand != null) {
            stand.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eitherEngineHasASpanAndKnowsItAsItsParent(Connector connector) throws IOException {
        PrefillDecodeStand engines = new PrefillDecodeStand(connector, EngineProtocol.HTTP1).engines(1, 1);
        stand = engines;
        RouterUnderTest under = router.start(engines.yaml("") + "tracing: { endpoint: \"" + collector.url() + "\" }\n");
        assertThat(router.client(under)
                        .post("/v1/chat/completions", chat(5, ""))
                        .readResponse()
                        .status())
                .isEqualTo(200);
        List<OtlpSpan> spans = collector.spans(3);
        OtlpSpan server = OtlpCollector.server(spans);
        OtlpSpan prefill = of(engines.prefill(), spans);
        OtlpSpan decode = of(engines.decode(), spans);
        assertThat(prefill.fields())
                .containsEntry("penstock.leg", "prefill")
                .containsEntry("penstock.pool", "chat")
                .containsEntry("http.response.status_code", 200L);
        assertThat(decode.fields()).doesNotContainKey("penstock.leg").containsEntry("http.response.status_code", 200L);
        for (OtlpSpan span : List.of(prefill, decode)) {
            assertThat(span.ids().parent()).isEqualTo(server.ids().span());
        }
        assertThat(parentOf(engines.prefill())).contains(prefill.ids().span());
        assertThat(parentOf(engines.decode())).contains(decode.ids().span());
        under.awaitNothingInFlight();
    }

    private static OtlpSpan of(SimulatedEngine engine, List<OtlpSpan> spans) {
        String name = engine.url().substring("http://".length());
        return spans.stream()
                .filter(span -> span.kind() == OtlpSpan.CLIENT)
                .filter(span -> name.equals(span.fields().get("penstock.engine")))
                .findFirst()
                .orElseThrow();
    }

    private static String parentOf(SimulatedEngine engine) {
        return posts(engine).get(0).headers().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("traceparent"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
