package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedCodingTest {

    /** Every index is one into the middle of a buffer. */
    private static final int BEFORE = 3;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "9, 9",
        "a, 10",
        "A, 10",
        "f, 15",
        "F, 15",
        "10, 16",
        "fF, 255",
        "Abc, 2748",
        "00a, 10",
        "1234, 4660",
        "abcde, 703710",
        "ABCDEF, 11259375",
        "fffffff, 268435455",
        "FFFFFFF, 268435455",
        "000000a, 10"
    })
    void aPlainSizeLineOfUpToSevenDigitsIsRead(String digits, int size) {
        ByteBuf bytes = bytes(digits + "\r\n");
        assertThat(ChunkedCoding.sizeAt(bytes, BEFORE)).isEqualTo(size);
        assertThat(ChunkedCoding.lineLengthAt(bytes, BEFORE)).isEqualTo(digits.length() + 2);
        bytes.release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "g\r\n",
                "/\r\n",
                ":\r\n",
                "@\r\n",
                "G\r\n",
                "`\r\n",
                "0x5\r\n",
                "-5\r\n",
                "+5\r\n",
                " 5\r\n",
                "5 \r\n",
                "5;x=1\r\n",
                "5\n",
                "5\r",
                "5\rX",
                "5",
                "fffffff",
                "fffffff\r",
                "\u00b5\r\n",
                "\u00c1\r\n",
                "00000005\r\n",
                "fffffff0\r\n",
                "80000000\r\n",
                "ffffffff\r\n",
                "100000005\r\n"
            })
    void whateverElseStandsInASizeLineIsNotPlain(String line) {
        ByteBuf bytes = bytes(line);
        assertThat(ChunkedCoding.sizeAt(bytes, BEFORE)).isEqualTo(-1);
        assertThat(ChunkedCoding.endOfChunkAt(bytes, BEFORE)).isEqualTo(-1);
        bytes.release();
    }

    @Test
    void aChunkEndsBehindItsLineEndOnceAllOfItIsThere() {
        String chunk = "5\r\n12345\r\n";
        for (int length = 0; length <= chunk.length(); length++) {
            ByteBuf bytes = bytes(chunk.substring(0, length));
            int expected = length == chunk.length() ? BEFORE + length : -1;
            assertThat(ChunkedCoding.endOfChunkAt(bytes, BEFORE)).isEqualTo(expected);
            bytes.release();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5\r\n12345XX",
                "5\r\n12345\nX",
                "5\r\n12345\rX",
                "5\r\n1234\r\nX",
                "0\r\n\r\n",
                "0\r\nx: 1\r\n\r\n",
                "fffffff\r\nshort\r\n"
            })
    void theLastChunkAndOnesWithoutTheirLineEndHaveNoEnd(String chunk) {
        ByteBuf bytes = bytes(chunk);
        assertThat(ChunkedCoding.endOfChunkAt(bytes, BEFORE)).isEqualTo(-1);
        bytes.release();
    }

    @Test
    void unframingHandsOutTheDataAndKeepsNothing() {
        ByteBuf chunks = Unpooled.copiedBuffer("5\r\n1\r\n45\r\nA\r\n0123456789\r\n", StandardCharsets.ISO_8859_1);
        List<String> pieces = new ArrayList<>();
        ChunkedCoding.unframe(chunks, piece -> {
            pieces.add(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
        });
        assertThat(pieces).containsExactly("1\r\n45", "0123456789");
        assertThat(chunks.refCnt()).isZero();
    }

    @Test
    void dataIsShownWhereItLies() {
        ByteBuf chunks = Unpooled.copiedBuffer("xx5\r\n1\r\n45\r\n01\r\nz\r\n", StandardCharsets.ISO_8859_1);
        chunks.skipBytes(2);
        List<String> pieces = new ArrayList<>();
        ChunkedCoding.forEachData(
                chunks, (bytes, from, to) -> pieces.add(bytes.toString(from, to - from, StandardCharsets.ISO_8859_1)));
        assertThat(pieces).containsExactly("1\r\n45", "z");
        assertThat(chunks.readerIndex()).isEqualTo(2);
        chunks.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 16, 255, 256, 4096, 65_535, 65_536, 1 << 20})
    void framedDataIsOneChunk(int size) {
        ByteBuf data = Unpooled.buffer(size + ChunkedCoding.FRAME_BYTES);
        data.setIndex(ChunkedCoding.HEAD_BYTES, ChunkedCoding.HEAD_BYTES);
        data.writeBytes("y".repeat(size).getBytes(StandardCharsets.ISO_8859_1));
        ChunkedCoding.frame(data);
        assertThat(data.toString(StandardCharsets.ISO_8859_1)
                        .equals(Integer.toHexString(size) + "\r\n" + "y".repeat(size) + "\r\n"))
                .isTrue();
        assertThat(ChunkedCoding.sizeAt(data, data.readerIndex())).isEqualTo(size);
        data.release();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer("7\r\n".substring(0, BEFORE) + text, StandardCharsets.ISO_8859_1);
    }
}
