package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnswerCheckTest {

    private static final String RECORDED =
            event("recorded", 1_700_000_000, 5, "one") + event("recorded", 1_700_000_000, 6, "Zwölf");

    private final List<Long> stamps = new ArrayList<>();
    private final AnswerCheck check = new AnswerCheck(stamps::add);

    private static String event(String id, int created, long stamp, String text) {
        return "data: {\"id\":\"chatcmpl-%s\",\"created\":%d,\"content\":\"%s\",\"sim_nanos\":\"%018d\"}\n\n"
                .formatted(id, created, text, stamp);
    }

    private static ByteBuf utf8(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private void begin() {
        check.begin(
                ExpectedAnswer.of(RECORDED.getBytes(StandardCharsets.UTF_8)),
                "abc".getBytes(StandardCharsets.US_ASCII));
    }

    private void accept(String text) {
        ByteBuf bytes = utf8(text);
        check.accept(bytes, bytes.readableBytes());
        assertThat(bytes.isReadable()).isFalse();
    }

    @Test
    void anAnswerMayDifferInIdSecondAndStampOnly() {
        begin();
        accept(event("abc", 1_800_000_000, 77, "one") + event("abc", 1_800_000_000, 1_234_567_890_123L, "Zwölf"));
        check.end();
        assertThat(stamps).containsExactly(77L, 1_234_567_890_123L);
    }

    @Test
    void itMayComeByteByByteAndOneAnswerBehindTheOther() {
        String answer = event("abc", 1_800_000_000, 77, "one") + event("abc", 1_800_000_000, 78, "Zwölf");
        for (int round = 0; round < 2; round++) {
            begin();
            ByteBuf bytes = utf8(answer);
            while (bytes.isReadable()) {
                check.accept(bytes, 1);
            }
            check.end();
        }
        assertThat(stamps).containsExactly(77L, 78L, 77L, 78L);
    }

    @Test
    void aProxyMayExtendTheIdButNotChangeItWithinAnAnswer() {
        begin();
        accept(event("abc-9f", 1_800_000_000, 77, "one"));
        assertThatThrownBy(() -> accept(event("abc-9e", 1_800_000_000, 78, "Zwölf")))
                .hasMessageContaining("changes its id");
    }

    @Test
    void anotherRequestsAnswerIsFound() {
        begin();
        assertThatThrownBy(() -> accept(event("abd", 1_800_000_000, 77, "one")))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("id abd instead of abc");
    }

    @Test
    void aWrongByteIsFoundAndShown() {
        begin();
        assertThatThrownBy(() -> accept(event("abc", 1_800_000_000, 77, "onf")))
                .hasMessageContaining("wrong byte")
                .hasMessageContaining("onf");
    }

    @Test
    void anEventThatComesTwiceIsFound() {
        begin();
        String first = event("abc", 1_800_000_000, 77, "one");
        assertThatThrownBy(() -> accept(first + first)).hasMessageContaining("wrong byte");
    }

    @Test
    void bytesBehindTheEndAreFound() {
        begin();
        accept(event("abc", 1_800_000_000, 77, "one") + event("abc", 1_800_000_000, 78, "Zwölf"));
        assertThatThrownBy(() -> accept("\n")).hasMessageContaining("goes on behind its end");
    }

    @Test
    void anAnswerThatEndsTooEarlyIsFound() {
        begin();
        accept(event("abc", 1_800_000_000, 77, "one"));
        assertThatThrownBy(check::end).hasMessageContaining("ends after");
    }

    @Test
    void somethingElseInThePlaceOfAStampIsFound() {
        begin();
        String event = event("abc", 1_800_000_000, 77, "one").replace("077\"", "07x\"");
        assertThatThrownBy(() -> accept(event)).hasMessageContaining("in the place of a number");
    }
}
