package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SaidCheckTest {

    private static final String RECORDED = event("Hel") + event("lo \\\"you\\\"") + event("") + "data: [DONE]\n\n";

    private final SaidCheck check = new SaidCheck();

    private static String event(String content) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + content + "\"}}]}\n\n";
    }

    private void hear(String answer) {
        check.begin(ExpectedAnswer.of(RECORDED.getBytes(StandardCharsets.ISO_8859_1)), new byte[0]);
        for (String piece : answer.split("(?<=[e:])", -1)) {
            check.accept(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1), piece.length());
        }
        check.end();
    }

    @Test
    void joinedOrNotItIsTheSame() {
        assertThatCode(() -> hear(RECORDED)).doesNotThrowAnyException();
        assertThatCode(() -> hear(event("Hello \\\"you\\\"") + "data: [DONE]\n\n"))
                .doesNotThrowAnyException();
    }

    @Test
    void whatIsWrongMissingOrTooMuchIsNoticed() {
        assertThatThrownBy(() -> hear(RECORDED.replace("Hel", "Heel"))).hasMessageContaining("something else after 2");
        assertThatThrownBy(() -> hear(event("Hel") + "data: [DONE]\n\n")).hasMessageContaining("ends after 3");
        assertThatThrownBy(() -> hear(RECORDED + event("x"))).hasMessageContaining("something else");
        assertThatThrownBy(() -> hear(RECORDED.replace("data: [DONE]", "data: done")))
                .hasMessageContaining("ends after");
    }
}
