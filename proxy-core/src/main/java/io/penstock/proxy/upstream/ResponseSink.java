package io.penstock.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.ChunkedCoding;

/**
 * What one upstream request reports. In order: {@link #onSent} at most once, {@link #onHead} at most once, any number of
 * {@link #onContent}, {@link #onChunks} and {@link #onReadComplete}, then exactly one of {@link #onEnd} and {@link #onFailure}; nothing
 * after that, and nothing at all after the stream was cancelled. Threading: called on the pool's event loop.
 */
public interface ResponseSink {

    /** A connection was there after {@code waitedNanos}, and the request was handed to it. */
    void onSent(long waitedNanos);

    /** The final response head; its headers are the sink's to change. */
    void onHead(HttpResponse head);

    /** A piece of the body; the sink must release it or pass it on. */
    void onContent(ByteBuf content);

    /**
     * A piece of the body as whole chunks of the chunked coding, their framing included; the sink must release it or pass it
     * on. A sink with no use for the framing receives the data as {@link #onContent}.
     *
     * @param dataBytes how much of it is data
     */
    default void onChunks(ByteBuf framed, int dataBytes) {
        ChunkedCoding.unframe(framed, this::onContent);
    }

    /** No more content is at hand for now: what was written may be flushed. */
    void onReadComplete();

    /** The response is complete. */
    void onEnd(HttpHeaders trailers);

    /** The response will not complete. */
    void onFailure(ProxyFailure failure);
}
