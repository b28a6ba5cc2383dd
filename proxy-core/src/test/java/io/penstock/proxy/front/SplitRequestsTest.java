package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.WireCase;
import io.penstock.proxy.testkit.WireCorpus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Wherever a read ends, the same requests are seen and the same are refused; no bytes bring the decoder down. */
final class SplitRequestsTest {

    private static final String SECOND = "POST /v1/x HTTP/1.1\r\nhost: r\r\ncontent-length: 2\r\n\r\n{}";

    static List<WireCase> corpus() {
        return WireCorpus.requests();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void aSplitAnywhereChangesNothing(WireCase input) {
        byte[] wire = (input.wire() + SECOND).getBytes(StandardCharsets.ISO_8859_1);
        String whole = seen(wire);
        for (int split = 1; split < wire.length; split++) {
            assertThat(seen(Arrays.copyOf(wire, split), Arrays.copyOfRange(wire, split, wire.length)))
                    .as("split at %d", split)
                    .isEqualTo(whole);
        }
        byte[][] bytes = new byte[wire.length][];
        for (int i = 0; i < wire.length; i++) {
            bytes[i] = new byte[] {wire[i]};
        }
        assertThat(seen(bytes)).as("byte by byte").isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corpus")
    void damageAnywhereIsSeenTheSameWhereverItIsSplit(WireCase input) {
        Random random = new Random(input.name().hashCode());
        byte[] splinters = "\r\n :;\t0,xX\0/-_".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 50; i++) {
            byte[] wire = (input.wire() + SECOND).getBytes(StandardCharsets.ISO_8859_1);
            for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
                wire[random.nextInt(wire.length)] = splinters[random.nextInt(splinters.length)];
            }
            int split = 1 + random.nextInt(wire.length - 1);
            assertThat(seen(Arrays.copyOf(wire, split), Arrays.copyOfRange(wire, split, wire.length)))
                    .as("damage %d, split at %d", i, split)
                    .isEqualTo(seen(wire));
        }
    }

    /** What comes out of the decoder and passes the guard; as on a connection, nothing behind a refusal. */
    static String seen(byte[]... reads) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline()
                .addLast(new RequestDecoder(
                        new HttpDecoderConfig()
                                .setMaxInitialLineLength(8 << 10)
                                .setMaxHeaderSize(8 << 10)
                                .setMaxChunkSize(64 << 10),
                        new PipelinedObjects(channel)));
        StringBuilder seen = new StringBuilder();
        for (byte[] read : reads) {
            channel.writeInbound(Unpooled.wrappedBuffer(read));
            for (HttpObject object; (object = channel.readInbound()) != null; ReferenceCountUtil.release(object)) {
                if (seen.indexOf("refused") < 0) {
                    note(object, seen);
                }
            }
        }
        channel.finishAndReleaseAll();
        return seen.toString();
    }

    private static void note(HttpObject object, StringBuilder seen) {
        if (object instanceof HttpRequest request) {
            ProxyFailure problem = FramingGuard.problemOf(request, 128);
            if (problem != null) {
                seen.append("refused: ").append(problem.kind());
                return;
            }
            seen.append(request.method()).append(' ').append(request.uri()).append(' ');
            request.headers().forEach(field -> seen.append(field).append('\n'));
        }
        if (object.decoderResult().isFailure()) {
            seen.append("refused: body");
        } else if (object instanceof HttpContent content) {
            seen.append(content.content().toString(StandardCharsets.ISO_8859_1));
            seen.append(object instanceof LastHttpContent ? "<end>\n" : "");
        }
    }
}
