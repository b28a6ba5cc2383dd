package io.penstock.proxy.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.http.ChunkedCoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Fuzz target: the decoder of answers with its short cut sees the same however the bytes are cut, up to what it refuses. Threading:
 * pure functions.
 */
public final class AnswersFuzz {

    private AnswersFuzz() {}

    /** Called by Jazzer and by {@link FuzzTest}. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = seen(input);
        for (int split = 1; split < input.length; split += 1 + input.length / 8) {
            String cut = seen(Arrays.copyOf(input, split), Arrays.copyOfRange(input, split, input.length));
            if (!cut.equals(whole)) {
                throw new IllegalStateException("cut at " + split + " it is " + cut + ", whole it is " + whole);
            }
        }
    }

    /** What a stream would be told, until it would refuse. */
    static String seen(byte[]... reads) {
        EmbeddedChannel channel = new EmbeddedChannel(new EngineResponseDecoder(new HttpDecoderConfig()));
        StringBuilder seen = new StringBuilder();
        for (byte[] read : reads) {
            channel.writeInbound(Unpooled.wrappedBuffer(read));
            for (Object message; (message = channel.readInbound()) != null; ) {
                note(message, seen);
            }
        }
        channel.finishAndReleaseAll();
        return seen.toString();
    }

    private static void note(Object message, StringBuilder seen) {
        if (message instanceof WholeChunks chunks) {
            ChunkedCoding.unframe(chunks.framed(), piece -> {
                if (seen.indexOf("refused") < 0) {
                    seen.append(piece.toString(StandardCharsets.ISO_8859_1));
                }
                piece.release();
            });
            return;
        }
        if (seen.indexOf("refused") < 0) {
            note((HttpObject) message, seen);
        }
        ReferenceCountUtil.release(message);
    }

    private static void note(HttpObject message, StringBuilder seen) {
        boolean refused = message.decoderResult().isFailure();
        if (message instanceof HttpResponse head && !refused) {
            refused = AnswerGuard.problemOf(head) != null;
            seen.append(
                    refused ? "" : head.status().code() + "\n" + head.headers().entries() + "\n");
        }
        if (refused) {
            seen.append("refused");
        } else if (message instanceof HttpContent content) {
            seen.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (message instanceof LastHttpContent last && !refused) {
            seen.append("<end>").append(last.trailingHeaders().entries());
        }
    }
}
