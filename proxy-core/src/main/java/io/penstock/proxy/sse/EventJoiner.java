package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;

/**
 * What becomes of the events that are written together: they stay as they are, or some become one. It is given whole events in
 * their order, and what it writes has the same meaning in the same order. One serves one stream. Threading: confined to the
 * client's event loop.
 */
public interface EventJoiner {

    /**
     * Takes an event. It writes to {@code out} whatever nothing can be joined to any more, this event included; what it keeps it
     * has copied.
     *
     * @param bytes has the event from {@code from} to {@code to}, its blank line included; lent for this call
     * @param what as {@link EventClassifier} found
     * @param out what the client is sent next; written to only at its end
     */
    void add(ByteBuf bytes, int from, int to, EventClass what, ByteBuf out);

    /** Writes what it kept, as nothing is waited for any longer. It may be given events again after this. */
    void settle(ByteBuf out);

    /** About how many bytes it keeps. */
    int keptBytes();

    /** The stream is over; what it kept is lost. */
    void release();

    /** Events stay as they are. */
    EventJoiner NONE = new EventJoiner() {
        @Override
        public void add(ByteBuf bytes, int from, int to, EventClass what, ByteBuf out) {
            out.writeBytes(bytes, from, to - from);
        }

        @Override
        public void settle(ByteBuf out) {}

        @Override
        public int keptBytes() {
            return 0;
        }

        @Override
        public void release() {}
    };
}
