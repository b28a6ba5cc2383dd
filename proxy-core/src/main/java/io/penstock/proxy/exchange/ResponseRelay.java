package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.penstock.proxy.api.FlushReason;
import io.penstock.proxy.api.StreamInterval;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.FailureResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.http.ProxyHeaders;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.TickWheel;
import io.penstock.proxy.sse.ChunkMerger;
import io.penstock.proxy.sse.EventJoiner;
import io.penstock.proxy.sse.LastBytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Passes one engine's response on to the client, byte for byte. A response that cannot be completed is never ended as if it
 * were: an event stream gets an error event if its last event was whole, and then every response is cut. Threading:
 * loop-confined.
 */
@LoopConfined
final class ResponseRelay {

    static final String EVENT_STREAM = "text/event-stream";
    private static final int LONGEST_EVENT = 64 << 10;

    private final ClientStream client;
    private final RequestHead request;
    private final ExchangeTally tally;

    private final boolean inStream;
    private final LastBytes last = new LastBytes();
    private final ChunkedCoding.Receiver chunkData = last::passed;

    private boolean eventStream;
    private boolean foreign;
    private boolean encoded;
    private boolean told;
    private boolean untellable;
    private boolean firstByteRelayed;
    private long nowNanos;
    private @Nullable HeldEvents held;

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

    /** The head went to the client: if an event stream follows, its events are held for {@code interval}. */
    void holdEvents(HttpResponse response, StreamInterval interval, TickWheel wheel) {
        if (!interval.isOff() && isEventStream(response)) {
            held = new HeldEvents(client, tally, interval, joiner(response, interval), wheel);
        }
    }

    /** What becomes shorter must not have announced its length. */
    private static EventJoiner joiner(HttpResponse response, StreamInterval interval) {
        boolean merges = interval.mode() == StreamInterval.Mode.MERGE
                && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        return merges ? new ChunkMerger() : EventJoiner.NONE;
    }

    static boolean isEventStream(HttpResponse response) {
        return isReadable(response, EVENT_STREAM);
    }

    /** True if this is a 200 of that media type, and not compressed. */
    static boolean isReadable(HttpResponse response, String type) {
        return response.status().equals(HttpResponseStatus.OK) && isReadable(response.headers(), type);
    }

    private static boolean isReadable(HttpHeaders headers, String type) {
        String told = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return told != null
                && told.regionMatches(true, 0, type, 0, type.length())
                && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
    }

    /** An announced length could be filled up by the error event, and within a coding it would be noise. */
    private static boolean takesErrorEvent(HttpHeaders headers) {
        return isReadable(headers, EVENT_STREAM) && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    /**
     * A piece of the body arrived.
     *
     * @param nowNanos when
     * @param waitedNanos how much of the time until now was spent waiting for the connection and the engine
     */
    void arrived(long nowNanos, long waitedNanos) {
        this.nowNanos = nowNanos;
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
        if (held != null) {
            held.content(piece, nowNanos);
        } else {
            tally.relayed(piece.readableBytes());
            if (eventStream) {
                last.passed(piece, piece.readerIndex(), piece.writerIndex());
            }
            client.writeContent(piece);
        }
        return client.isWritable();
    }

    /** As {@link #content}, for a piece that still has its framing, which most clients can be sent as it is. */
    boolean chunks(ByteBuf framed, int dataBytes) {
        if (held != null) {
            held.chunks(framed, nowNanos);
        } else if (foreign || !client.takesChunks()) {
            ChunkedCoding.unframe(framed, this::content);
        } else {
            tally.relayed(dataBytes);
            if (eventStream) {
                lastOf(framed);
            }
            client.writeChunks(framed);
        }
        return client.isWritable();
    }

    /** The last bytes are data unless a line end is the third last: then they may be the size of a chunk of one byte or two. */
    private void lastOf(ByteBuf framed) {
        int end = framed.writerIndex() - 2;
        byte third = framed.getByte(end - 3);
        if (third == '\n' || third == '\r') {
            ChunkedCoding.forEachData(framed, chunkData);
        } else {
            last.passed(framed, end - 3, end);
        }
    }

    /** All that one read of the engine brought was relayed. */
    void flush() {
        if (held != null) {
            held.readComplete();
        } else {
            client.flush();
        }
    }

    void end(HttpHeaders trailers) {
        if (foreign && !told) {
            client.writeContent(failed("the engine answered with an error and no text"));
        }
        if (foreign && (untellable || !told)) {
            client.cut();
            return;
        }
        boolean unused = hasEnded(FlushReason.END);
        ProxyHeaders.removeFraming(trailers);
        client.end(trailers);
    }

    /** What is held goes first; true if the stream stands between two events. */
    private boolean hasEnded(FlushReason why) {
        return held == null ? last.areBetweenEvents() : held.end(why);
    }

    void cut(ProxyFailure failure) {
        if (hasEnded(FlushReason.CUT) && eventStream && !told) {
            client.writeContent(FailureResponse.event(failure, request.path()));
        }
        client.cut();
    }

    /** The client left. */
    void release() {
        if (held != null) {
            held.release();
        }
    }
}
