package io.penstock.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseReaderTest {

    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n";
    private static final String FIXED = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc";

    private final StringBuilder received = new StringBuilder();
    private final ResponseReader reader = new ResponseReader(new ResponseReader.Sink() {
        @Override
        public void body(ByteBuf bytes, int length) {
            received.append(bytes.readCharSequence(length, StandardCharsets.US_ASCII));
        }

        @Override
        public void end() {
            received.append("<end>");
        }
    });

    private void read(String text, int atOnce) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        while (bytes.isReadable()) {
            reader.read(bytes.readSlice(Math.min(atOnce, bytes.readableBytes())));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void bothFramingsAreReadHoweverTheBytesAreCut(int atOnce) {
        read(CHUNKED + FIXED + CHUNKED, atOnce);
        assertThat(received).hasToString("hello 0123456789<end>abc<end>hello 0123456789<end>");
    }

    @Test
    void anErrorIsToldWithItsStatus() {
        assertThatThrownBy(() -> read("HTTP/1.1 503 Service Unavailable\r\n", 100))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("503");
    }

    @Test
    void aChunkLongerThanItsSizeIsFound() {
        assertThatThrownBy(() -> read(CHUNKED.replace("hello", "hello!"), 100))
                .hasMessageContaining("longer than its size");
    }

    @Test
    void aResponseNeedsExactlyOneFraming() {
        String both = CHUNKED.replace("\r\n\r\n5", "\r\ncontent-length: 5\r\n\r\n5");
        assertThatThrownBy(() -> read(both, 100)).hasMessageContaining("no way or in two");
        ResponseReader other = new ResponseReader(new ResponseReader.Sink() {
            @Override
            public void body(ByteBuf bytes, int length) {}

            @Override
            public void end() {}
        });
        ByteBuf none = Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\n\r\n", StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> other.read(none)).hasMessageContaining("no way or in two");
    }
}
