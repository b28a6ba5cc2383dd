package io.penstock.proxy.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of an answer that passed, and for how long. */
final class AnswerTailTest {

    private final AnswerTail tail = new AnswerTail();
    private final List<ByteBuf> passed = new ArrayList<>();

    @AfterEach
    void everythingIsLetGo() {
        tail.release();
        assertThat(passed).allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
    }

    private ByteBuf piece(String text) {
        ByteBuf piece = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        passed.add(piece);
        return piece;
    }

    private void pass(String text) {
        ByteBuf piece = piece(text);
        tail.add(piece);
        piece.skipBytes(piece.readableBytes());
        piece.release();
    }

    private void passChunks(String text) {
        ByteBuf piece = piece(text);
        tail.addChunks(piece);
        piece.skipBytes(piece.readableBytes());
        piece.release();
    }

    private String end() {
        return new String(tail.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void ofNothingThereIsNothing() {
        assertThat(end()).isEmpty();
    }

    @Test
    void theLastPiecesAreThere() {
        String fill = "x".repeat(200);
        for (int i = 0; i < 10; i++) {
            pass("<" + i + ">" + fill);
        }
        assertThat(end().replace(fill, "")).isEqualTo("<6><7><8><9>");
        assertThat(passed.subList(0, 6))
                .allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
    }

    @Test
    void shortPiecesArePutTogether() {
        pass("x".repeat(300));
        passChunks("12c\r\n" + "y".repeat(300) + "\r\n");
        for (int i = 0; i < 2_000; i++) {
            pass("<" + i + ">");
            passChunks("1\r\n-\r\n");
        }
        assertThat(end()).hasSizeGreaterThan(3_000).endsWith("<1997>-<1998>-<1999>-");
        assertThat(passed).allSatisfy(piece -> assertThat(piece.refCnt()).isZero());
    }

    @Test
    void chunksAreThereWithoutTheirFraming() {
        pass("x");
        passChunks("3\r\nabc\r\n2\r\nde\r\n");
        passChunks("1\r\nf\r\n");
        assertThat(end()).isEqualTo("xabcdef");
    }

    @Test
    void ofALongPieceTheEndIsThere() {
        pass("a".repeat(AnswerTail.BYTES));
        pass("b".repeat(AnswerTail.BYTES - 3));
        passChunks("2\r\ncd\r\n");
        assertThat(end()).hasSize(AnswerTail.BYTES).startsWith("ab").endsWith("bcd");
        pass("-".repeat(AnswerTail.BYTES) + "end");
        assertThat(end()).hasSize(AnswerTail.BYTES).startsWith("-").endsWith("-end");
    }
}
