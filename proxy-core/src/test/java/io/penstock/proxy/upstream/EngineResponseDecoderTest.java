package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.penstock.proxy.http.ChunkedCoding;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a chunked answer is cut into reads, what comes out is the same, and the next answer is found behind it. */
final class EngineResponseDecoderTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String CHUNKS = "5\r\nhello\r\n7\r\n0\r\n\r\n, \r\nA\r\n0123456789\r\n";
    private static final String DATA = "hello0\r\n\r\n, 0123456789";
    private static final String NEXT = HEAD + "2\r\nok\r\n0\r\n\r\n";

    private EmbeddedChannel channel = open();
    private final StringBuilder seen = new StringBuilder();
    private String shortCuts = "";

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void plainChunksComeOutInOnePieceWithTheirFraming() {
        read(HEAD + CHUNKS + "0\r\n\r\n" + NEXT);
        assertThat(shortCuts).isEqualTo(CHUNKS + "2\r\nok\r\n");
        assertThat(seen).hasToString("<200>" + DATA + "<end><200>ok<end>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKS + "0\r\n\r\n",
                CHUNKS + "0\r\nx-sum: 7\r\nx-b: c\r\n\r\n",
                "5\r\nhello\r\n7;x=1\r\n0\r\n\r\n, \r\nA\r\n0123456789\r\n0;last=1\r\n\r\n",
                "00000005\r\nhello\r\n0007\r\n0\r\n\r\n, \r\na\r\n0123456789\r\n000\r\nx-sum: 7\r\n\r\n"
            })
    void theCutsBetweenReadsAreNotSeen(String framed) {
        String trailers = framed.contains("x-sum") ? (framed.contains("x-b") ? "x-sum=7x-b=c" : "x-sum=7") : "";
        String wire = HEAD + framed + NEXT;
        String expected = "<200>" + DATA + trailers + "<end><200>ok<end>";
        for (int first = 0; first <= wire.length(); first++) {
            for (int second = first; second <= wire.length(); second += 3) {
                startAfresh();
                read(wire.substring(0, first));
                read(wire.substring(first, second));
                read(wire.substring(second));
                assertThat(seen.toString().equals(expected))
                        .as("cut at %d and %d: %s", first, second, seen)
                        .isTrue();
            }
        }
        startAfresh();
        wire.chars().forEach(c -> read(String.valueOf((char) c)));
        assertThat(seen).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 64 << 10, 100_000, 1_000_000})
    void aChunkLargerThanAReadComesOutWhole(int readBytes) {
        String large = "0\r\n\r\n123".repeat(30_000);
        String wire = HEAD + CHUNKS + Integer.toHexString(large.length()) + "\r\n" + large + "\r\n" + CHUNKS
                + "0\r\n\r\n" + NEXT;
        for (int at = 0; at < wire.length(); at += readBytes) {
            read(wire.substring(at, Math.min(wire.length(), at + readBytes)));
        }
        String expected = "<200>" + DATA + large + DATA + "<end><200>ok<end>";
        assertThat(seen.toString().equals(expected)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"g\r\n", "-5\r\nhello\r\n", "5\r\nhelloXX0\r\n\r\n", "\r\n", "fffffffff\r\nhello"})
    void malformedChunksFailAndAreNeverPassedOn(String malformed) {
        read(HEAD + "5\r\nhello\r\n" + malformed);
        assertThat(seen.toString()).startsWith("<200>hello").endsWith("<failed>");
        assertThat(shortCuts).isEqualTo("5\r\nhello\r\n");
    }

    @Test
    void aReadOfNothingButChunksIsPassedOnAsItIs() {
        read(HEAD);
        ByteBuf chunks = Unpooled.copiedBuffer(CHUNKS, StandardCharsets.ISO_8859_1);
        channel.writeInbound(chunks);

        WholeChunks passed = channel.readInbound();
        assertThat(passed.framed()).isSameAs(chunks);
        assertThat(passed.dataBytes()).isEqualTo(DATA.length());
        chunks.release();
        assertThat(chunks.refCnt()).isZero();
    }

    /** Netty's decoder asks for more after a read in which it decoded nothing: here somebody may have stopped reading. */
    @Test
    void whoDoesNotReadOnIsNotReadFor() {
        var asked = new AskedReads();
        channel.pipeline().addFirst(asked);
        read(HEAD);
        channel.config().setAutoRead(false);
        int before = asked.count;
        read(CHUNKS);

        assertThat(seen).hasToString("<200>" + DATA);
        assertThat(asked.count).isEqualTo(before);
    }

    private static final class AskedReads extends ChannelOutboundHandlerAdapter {

        int count;

        @Override
        public void read(ChannelHandlerContext ctx) {
            count++;
            ctx.read();
        }
    }

    private void startAfresh() {
        channel.finishAndReleaseAll();
        channel = open();
        seen.setLength(0);
        shortCuts = "";
    }

    private static EmbeddedChannel open() {
        return new EmbeddedChannel(new EngineResponseDecoder(new HttpDecoderConfig().setMaxChunkSize(64 << 10)));
    }

    private void read(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        for (Object message; (message = channel.readInbound()) != null; ) {
            if (message instanceof WholeChunks chunks) {
                note(chunks);
            } else {
                note((HttpObject) message);
            }
        }
    }

    private void note(WholeChunks chunks) {
        shortCuts += chunks.framed().toString(StandardCharsets.ISO_8859_1);
        int before = seen.length();
        ChunkedCoding.unframe(chunks.framed(), this::noteData);
        assertThat(chunks.dataBytes()).isEqualTo(seen.length() - before);
    }

    private void note(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            seen.append("<failed>");
        } else if (message instanceof HttpResponse response) {
            seen.append('<').append(response.status().code()).append('>');
        }
        if (message instanceof HttpContent content) {
            noteData(content.content());
        }
        if (message instanceof LastHttpContent last && !message.decoderResult().isFailure()) {
            last.trailingHeaders()
                    .forEach(field -> seen.append(field.getKey()).append('=').append(field.getValue()));
            seen.append("<end>");
        }
    }

    private void noteData(ByteBuf data) {
        seen.append(data.toString(StandardCharsets.ISO_8859_1));
        data.release();
    }
}
