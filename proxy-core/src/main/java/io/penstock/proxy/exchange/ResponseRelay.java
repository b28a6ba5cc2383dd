package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * Passes one engine's response on to the client, byte for byte. A response that cannot be completed is never ended as if it
 * were: an event stream gets an error event if its last event was whole, and then every response is cut. Threading:
 * loop-confined.
 */
@LoopConfined
final class ResponseRelay {

    static final String EVENT_STREAM = "text/event-stream";
    private static final short LF_LF = 0x0a0a;
    private static final short CR_CR = 0x0d0d;
    private static final int CR_LF_CR_LF = 0x0d0a0d0a;
    private static final int LONGEST_EVENT = 64 << 10;

    private final ClientStream client;
    private final RequestHead request;
    private final ExchangeTally tally;

    private final boolean inStream;

    private boolean eventStream;
    private boolean foreign;
    private boolean encoded;
    private boolean told;
    private boolean untellable;
    private boolean betweenEvents = true;
    private boolean firstByteRelayed;

    /**
     * Relays to {@code client}.
     *
     * @param inStream the client has the head of an event stream, and a response that is none becomes an event in it
     */
    ResponseRelay(ClientStream client, RequestHead request, ExchangeTally tally, boolean inStream) {
        this.client = client;
        this.request = request;
        this.tally = tally;
        this.inStream = inStream;
    }

    void head(HttpResponse response) {
        HttpHeaders headers = response.headers();
        ProxyHeaders.removeHopByHop(headers);
        headers.set(ProxyHeaders.X_REQUEST_ID, request.requestId());
        eventStream = inStream || takesErrorEvent(headers);
        foreign = inStream && !isEventStream(response);
        encoded = headers.contains(HttpHeaderNames.CONTENT_ENCODING);
        if (!inStream) {
            client.writeHead(response);
        }
    }

    static boolean isEventStream(HttpResponse response) {
        return response.status().equals(HttpResponseStatus.OK)
                && isEventStream(response.headers())
                && !response.headers().contains(HttpHeaderNames.CONTENT_ENCODING);
    }

    private static boolean isEventStream(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    }

    /** An announced length could be filled up by the error event, and within a coding it would be noise. */
    private static boolean takesErrorEvent(HttpHeaders headers) {
        return isEventStream(headers)
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
    }

    /**
     * A piece of the body arrived.
     *
     * @param nowNanos when
     * @param waitedNanos how much of the time until now was spent waiting for the connection and the engine
     */
    void arrived(long nowNanos, long waitedNanos) {
        if (!firstByteRelayed) {
            firstByteRelayed = true;
            tally.firstByte(nowNanos, waitedNanos);
        }
    }

    /** Relays a piece of the body; false if the client does not read fast enough, and the engine should not be read for now. */
    boolean content(ByteBuf piece) {
        if (told) {
            piece.release();
            return true;
        }
        return relayed(foreign ? asEvent(piece) : piece);
    }

    /** What an engine answered instead of a stream, mostly an error: told in the stream that the client has. */
    private ByteBuf asEvent(ByteBuf body) {
        told = true;
        untellable = encoded || body.readableBytes() > LONGEST_EVENT;
        if (untellable) {
            body.release();
            return failed("the engine's answer cannot be told in a stream: it is compressed, or long and no stream");
        }
        String text = body.toString(StandardCharsets.UTF_8).strip();
        body.release();
        return Unpooled.copiedBuffer("data: " + text.replaceAll("\\R", "\ndata: ") + "\n\n", StandardCharsets.UTF_8);
    }

    private ByteBuf failed(String why) {
        return FailureResponse.event(ProxyFailure.of(FailureKind.BAD_RESPONSE, why), request.path());
    }

    private boolean relayed(ByteBuf piece) {
        tally.relayed(piece.readableBytes());
        if (eventStream) {
            betweenEvents = endsWithBlankLine(piece, piece.writerIndex());
        }
        client.writeContent(piece);
        return client.isWritable();
    }

    /** As {@link #content}, for a piece that still has its framing, which most clients can be sent as it is. */
    boolean chunks(ByteBuf framed, int dataBytes) {
        if (foreign || !client.takesChunks()) {
            ChunkedCoding.unframe(framed, this::content);
        } else {
            tally.relayed(dataBytes);
            if (eventStream) {
                betweenEvents = endsWithBlankLine(framed, framed.writerIndex() - 2);
            }
            client.writeChunks(framed);
        }
        return client.isWritable();
    }

    /** An event ends with a blank line: LF LF, CR CR or CR LF CR LF (WHATWG HTML, server-sent events). */
    private static boolean endsWithBlankLine(ByteBuf piece, int end) {
        int length = end - piece.readerIndex();
        if (length < 2) {
            return false;
        }
        short two = piece.getShort(end - 2);
        return two == LF_LF || two == CR_CR || (length >= 4 && piece.getInt(end - 4) == CR_LF_CR_LF);
    }

    void flush() {
        client.flush();
    }

    void end(HttpHeaders trailers) {
        if (foreign && !told) {
            client.writeContent(failed("the engine answered with an error and no text"));
        }
        if (foreign && (untellable || !told)) {
            client.cut();
            return;
        }
        ProxyHeaders.removeFraming(trailers);
        client.end(trailers);
    }

    void cut(ProxyFailure failure) {
        if (eventStream && betweenEvents && !told) {
            client.writeContent(FailureResponse.event(failure, request.path()));
        }
        client.cut();
    }
}
