package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ReceivedRequest;
import io.penstock.proxy.testkit.WireCase;
import io.penstock.proxy.testkit.WireCorpus;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request of the corpus, with a second one behind it in the same write: what the client is told, whether the connection
 * goes on, and what the engine saw, field by field. A refused request and all that follows it reach no engine.
 */
final class SmugglingIT {

    private static final String SECOND_BODY = "{\"model\":\"m\",\"n\":2}";
    private static final String SECOND = "POST /v1/embeddings HTTP/1.1\r\nhost: r\r\ncontent-length: "
            + SECOND_BODY.length() + "\r\n\r\n" + SECOND_BODY;

    /** What the router says itself to engines; {@code ProxyHeadersIT} looks at these. */
    private static final Set<String> OWN =
            Set.of("host", "x-request-id", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto");

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    static List<WireCase> corpus() {
        return WireCorpus.requests();
    }

    @Test
    void theCorpusIsLargeAndItsNamesDiffer() {
        assertThat(corpus()).hasSizeGreaterThan(200);
        assertThat(corpus()).extracting(WireCase::name).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void theEngineSeesNothingButWhatWasMeant(WireCase input) throws IOException {
        FakeEngine engine = router.engine();
        RawClient client = router.client(router.start(engine));
        client.send((input.wire() + SECOND).getBytes(StandardCharsets.ISO_8859_1));
        boolean isHead = input.wire().startsWith("HEAD ");
        RawResponse answer = isHead ? new RawResponse(client.readHead(), new byte[0]) : client.readResponse();
        assertThat(answer.status()).as(answer.text()).isEqualTo(Integer.parseInt(input.word(0)));
        if (!isHead && input.outcome().size() > 1) {
            assertThat(answer.text()).contains("\"code\":\"" + input.word(1) + '"');
        }
        if (input.says("closed")) {
            assertThat(answer.head().value("connection")).isEqualTo("close");
            assertThat(client.readToEnd()).isEmpty();
            assertThat(engine.journal().heads()).isEmpty();
            return;
        }
        assertThat(client.readResponse().text()).isEqualTo("{\"ok\":true}");
        assertThat(client.staysSilentFor(1)).isTrue();
        List<ReceivedRequest> seen = engine.journal().requests();
        assertThat(engine.journal().heads()).hasSameSizeAs(seen);
        assertThat(seen).hasSize(input.expected().isEmpty() ? 1 : 2);
        if (!input.expected().isEmpty()) {
            assertSeen(seen.get(0), input.expected());
        }
        ReceivedRequest second = seen.get(seen.size() - 1);
        assertThat(second.head().startLine()).isEqualTo("POST /v1/embeddings HTTP/1.1");
        assertThat(second.text()).isEqualTo(SECOND_BODY);
    }

    private static void assertSeen(ReceivedRequest request, List<String> expected) {
        WireHead head = request.head();
        List<String> lines = new ArrayList<>(List.of(head.startLine()));
        head.fields().stream()
                .filter(field -> !OWN.contains(field.getKey().toLowerCase(Locale.ROOT)))
                .map(field -> field.getKey() + ":" + (field.getValue().isEmpty() ? "" : " ") + field.getValue())
                .forEach(lines::add);
        String body = new String(request.bytes(), StandardCharsets.ISO_8859_1);
        assertThat((String.join("\n", lines) + "\n\n" + body).strip())
                .isEqualTo(String.join("\n", expected).strip());
        for (String own : OWN) {
            assertThat(head.values(own)).as(own).hasSize(1);
        }
        assertThat(head.value("host")).startsWith("127.0.0.1:");
    }
}
