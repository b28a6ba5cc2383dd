package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.WireCase;
import io.penstock.proxy.testkit.WireCorpus;
import io.penstock.proxy.testkit.WireHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every answer of the corpus: the client sees one answer or an honest failure, and what an engine says beyond it is never the
 * answer to anybody's next request.
 */
final class AmbiguousAnswersIT {

    private static final String REQUEST = "{\"model\":\"m\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    static List<WireCase> corpus() {
        return WireCorpus.answers();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void theClientSeesOneAnswerAndTheNextOneIsItsOwn(WireCase answer) throws IOException {
        FakeEngine engine = router.engine().nextRaw(turn -> {
            turn.request();
            turn.raw(answer.wire());
            if (answer.says("close")) {
                turn.close();
            }
        });
        RouterUnderTest under = router.start(engine);
        under.awaitRest();
        RawClient client = router.client(under).post("/v1/completions", REQUEST);
        if (answer.says("cut")) {
            WireHead head = client.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
        } else {
            assertWhole(client.readResponse(), answer);
        }
        under.awaitNothingInFlight();
        RawClient next = answer.says("cut") ? router.client(under) : client;
        for (int i = 0; i < 2; i++) {
            assertThat(next.post("/v1/completions", REQUEST).readResponse().text())
                    .isEqualTo("{\"ok\":true}");
        }
        assertThat(next.staysSilentFor(1)).isTrue();
        assertThat(engine.journal().requests()).hasSize(3);
        assertThat(engine.journal().connectionsOpened()).isEqualTo(answer.says("reused") ? 1 : 2);
    }

    private static void assertWhole(RawResponse response, WireCase answer) {
        assertThat(response.status()).isEqualTo(Integer.parseInt(answer.word(0)));
        if (answer.says("bad_response")) {
            OpenAiErrors.assertFailure(response, FailureKind.BAD_RESPONSE);
            return;
        }
        List<String> expected = answer.expected();
        for (String line : expected.subList(0, expected.size() - 1)) {
            String[] field = line.split(": ", 2);
            if (field.length == 2) {
                assertThat(response.head().values(field[0])).containsExactly(field[1]);
            }
        }
        assertThat(new String(response.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(
                        expected.stream().reduce((a, b) -> b.isEmpty() ? a : b).orElse(""));
        assertThat(response.head().values("x-a")).isEmpty();
        assertThat(response.head().values("upgrade")).isEmpty();
    }

    @Test
    void aFloodOfInterimAnswersIsABadResponse() throws IOException {
        FakeEngine engine = router.engine().nextRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 102 Processing\r\n\r\n".repeat(40));
            turn.awaitPeerLeft();
        });
        RawClient client = router.client(router.start(engine)).post("/v1/completions", REQUEST);
        OpenAiErrors.assertFailure(client.readResponse(), FailureKind.BAD_RESPONSE);
        engine.journal().awaitAborts(1);
    }

    @Test
    void theAnswerToHeadHasNoBodyWhateverItSays() throws IOException {
        FakeEngine engine = router.engine().nextRaw(turn -> {
            turn.request();
            turn.raw("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil");
        });
        RawClient client = router.client(router.start(engine)).send("HEAD /v1/batches HTTP/1.1\r\nhost: r\r\n\r\n");
        assertThat(client.readHead().value("content-length")).isEqualTo("4");
        assertThat(client.staysSilentFor(50)).isTrue();
        assertThat(client.post("/v1/completions", REQUEST).readResponse().text())
                .isEqualTo("{\"ok\":true}");
        assertThat(engine.journal().connectionsOpened()).isEqualTo(2);
    }
}
