package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.ClientProtocol;

/**
 * The client's side of one exchange: where its response goes. The front implements it for each HTTP version. Threading:
 * confined to the client's event loop.
 */
public interface ClientStream {

    /** The loop everything happens on. */
    EventLoop loop();

    /** The HTTP version of the client's connection. */
    ClientProtocol protocol();

    /** Where buffers for this client come from. */
    ByteBufAllocator allocator();

    /**
     * Writes the response head, taking it over. The stream adds what its HTTP version needs for framing; the head carries
     * {@code content-length} where the length is known and no {@code transfer-encoding}.
     */
    void writeHead(HttpResponse head);

    /** Writes a piece of the body, taking it over. Not flushed. */
    void writeContent(ByteBuf content);

    /** True if the response goes out in the chunked coding of HTTP/1.1, and {@link #writeChunks} may be called. */
    boolean takesChunks();

    /** Writes whole chunks with their framing, as an engine sent them, taking them over. Not flushed. */
    void writeChunks(ByteBuf framed);

    /** Hands what was written to the socket. */
    void flush();

    /** Completes the response and flushes it. Nothing may be written after it. */
    void end(HttpHeaders trailers);

    /**
     * Ends a response that cannot be completed, in a way the client cannot take for a complete one: over HTTP/1.1 the
     * connection is closed without the last chunk.
     */
    void cut();

    /** False while the client does not read as fast as it is written to. */
    boolean isWritable();
}
