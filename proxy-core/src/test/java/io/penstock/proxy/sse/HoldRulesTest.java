package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A hundred events, 100 ms. */
final class HoldRulesTest {

    private final HoldRules rules =
            new HoldRules(new StreamInterval(100, 100_000_000, StreamInterval.Mode.BATCH, 64 << 10));

    private @Nullable FlushReason at(long millis, String choices) {
        ByteBuf event = Unpooled.copiedBuffer("data: {\"choices\":[" + choices + "]}\n\n", StandardCharsets.UTF_8);
        EventClass what = rules.classify(event, 0, event.readableBytes());
        return rules.reasonAfter(what, 1, millis * 1_000_000);
    }

    private static String token(int choice, String text) {
        return "{\"index\":" + choice + ",\"delta\":{\"content\":\"" + text + "\"}}";
    }

    @Test
    void theChoicesOfASlowEngineThatComeOneAfterTheOtherMakeNoFastOne() {
        at(0, token(0, "a"));
        at(1, token(1, "b"));
        at(2, token(2, "c"));
        for (int step = 1; step < 5; step++) {
            for (int choice = 0; choice < 3; choice++) {
                assertThat(at(150L * step + choice, token(choice, "d"))).isEqualTo(FlushReason.SLOW_ENGINE);
            }
        }
    }

    @Test
    void anEngineThatWasSlowIsFastAgainAfterADelayWithoutAGap() {
        at(0, token(0, "a"));
        assertThat(at(100, token(0, "b"))).isEqualTo(FlushReason.SLOW_ENGINE);
        for (int millis = 120; millis < 200; millis += 20) {
            assertThat(at(millis, token(0, "c"))).isEqualTo(FlushReason.SLOW_ENGINE);
        }
        assertThat(at(200, token(0, "d"))).isNull();
        assertThat(at(299, token(0, "e"))).as("a gap below the delay").isNull();
        assertThat(at(399, token(0, "f"))).isEqualTo(FlushReason.SLOW_ENGINE);
    }

    @Test
    void severalChoicesInOneEventHideNoFirstToken() {
        at(0, token(1, "first"));
        assertThat(at(1, token(0, "first") + "," + token(1, "second"))).isEqualTo(FlushReason.FIRST);
        assertThat(at(2, token(1, "third"))).isNull();
        assertThat(at(3, token(2, "") + "," + token(1, "fourth"))).isEqualTo(FlushReason.FIRST);
        assertThat(at(4, token(2, "first"))).isEqualTo(FlushReason.FIRST);
        assertThat(at(5, token(2, "second"))).isNull();
    }
}
