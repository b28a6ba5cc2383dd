package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;

/** Where events go that were held. Threading: confined to the client's event loop. */
public interface EventOutlet {

    /** An empty buffer for events that will be given to {@link #write}; of about {@code bytes} bytes, and growing. */
    ByteBuf buffer(int bytes);

    /** Writes whole events, taking the buffer over, which is one of {@link #buffer}. Not flushed. */
    void write(ByteBuf events);

    /** Writes a part of an event as it came, taking it over. Not flushed. */
    void pass(ByteBuf part);

    /** Hands what was written to the socket; false as {@link #isWritable}. */
    boolean flush();

    /** False while the client does not read as fast as it is written to. */
    boolean isWritable();
}
