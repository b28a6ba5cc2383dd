package io.penstock.proxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.http.ChunkedCoding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short cut for whole chunks, wherever a read ends. */
final class SplitChunksTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String CHUNKS = "3\r\none\r\n1f\r\n" + "x".repeat(31) + "\r\n0000005\r\nthree\r\n";
    private static final String DATA = "one" + "x".repeat(31) + "three";

    private final EmbeddedChannel channel = new EmbeddedChannel(new EngineResponseDecoder(new HttpDecoderConfig()));
    private final StringBuilder content = new StringBuilder();
    private int shortCuts;
    private boolean ended;
    private boolean refused;

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aSplitAnywhereChangesNothingAndTheShortCutIsTakenAgain() {
        for (int split = 1; split < CHUNKS.length(); split++) {
            content.setLength(0);
            ended = false;
            read(HEAD);
            read(CHUNKS.substring(0, split));
            read(CHUNKS.substring(split));
            assertThat(content).as("split at %d", split).hasToString(DATA);
            shortCuts = 0;
            read(CHUNKS);
            assertThat(shortCuts).as("short cuts after a split at %d", split).isEqualTo(1);
            read("0\r\n\r\n");
            assertThat(content).as("split at %d", split).hasToString(DATA + DATA);
            assertThat(ended).as("ended after a split at %d", split).isTrue();
        }
        assertThat(refused).isFalse();
    }

    @Test
    void readsOfOneByteChangeNothing() {
        read(HEAD);
        (CHUNKS + "0\r\nx-sum: 7\r\n\r\n").chars().forEach(b -> read(Character.toString(b)));
        assertThat(content).hasToString(DATA);
        assertThat(ended).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000003\r\none\r\n", "3;a=b\r\none\r\n"})
    void aSizeLineThatIsNotPlainIsReadTheLongWayWhereverItIsSplit(String chunk) {
        for (int split = 1; split < chunk.length(); split++) {
            content.setLength(0);
            read(HEAD);
            read(chunk.substring(0, split));
            read(chunk.substring(split));
            read("0\r\n\r\n");
            assertThat(content).as("split at %d", split).hasToString("one");
        }
    }

    @Test
    void aSizeLineThatNeverEndsIsRefused() {
        read(HEAD);
        for (int i = 0; i < 20_000 && !refused; i++) {
            read("0");
        }
        assertThat(refused).isTrue();
    }

    private void read(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
        for (Object message; (message = channel.readInbound()) != null; ) {
            if (message instanceof WholeChunks chunks) {
                shortCuts++;
                ChunkedCoding.unframe(chunks.framed(), piece -> {
                    content.append(piece.toString(US_ASCII));
                    piece.release();
                });
            } else {
                look((HttpObject) message);
            }
        }
    }

    private void look(HttpObject message) {
        refused |= message.decoderResult().isFailure();
        if (message instanceof HttpContent piece) {
            content.append(piece.content().toString(US_ASCII));
        }
        ended |= message instanceof LastHttpContent;
        ReferenceCountUtil.release(message);
    }
}
