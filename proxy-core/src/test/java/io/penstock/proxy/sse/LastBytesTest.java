package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LastBytesTest {

    @Test
    void aStreamBeginsBetweenTwoEvents() {
        assertThat(new LastBytes().areBetweenEvents()).isTrue();
    }

    @Test
    void agreesWithTheScannerAfterAnyBytesInAnyPieces() {
        Random random = new Random(9);
        for (int i = 0; i < 2_000; i++) {
            LastBytes last = new LastBytes();
            EventScanner scanner = new EventScanner();
            StringBuilder passed = new StringBuilder();
            for (int piece = 0; piece < 12; piece++) {
                ByteBuf bytes = piece(random, 1 + random.nextInt(5));
                passed.append(bytes.toString(StandardCharsets.US_ASCII));
                int length = bytes.readableBytes();
                last.passed(bytes, 0, length);
                for (int at = 0; (at = scanner.next(bytes, at, length)) > 0; ) {
                    assertThat(at).isPositive();
                }
                assertThat(last.areBetweenEvents())
                        .as("after %s", passed.toString().replace("\n", "\\n").replace("\r", "\\r"))
                        .isEqualTo(!scanner.isWithinEvent());
            }
        }
    }

    private static ByteBuf piece(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) "x\n\r".charAt(random.nextInt(3));
        }
        return Unpooled.wrappedBuffer(bytes);
    }
}
