package io.penstock.proxy.front;

import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Counts what a client can send for nearly nothing and what costs the router or an engine more (RFC 9113, section 10.5), for one
 * connection. Each kind has a limit for {@value #WINDOW_SECONDS} seconds that no honest client comes near. Threading:
 * loop-confined.
 */
@LoopConfined
final class FloodGuard {

    /** How long a count runs before it starts again. */
    static final int WINDOW_SECONDS = 10;

    /** Resets, by either side, that are allowed with few streams; with many, two for each stream. */
    static final int MIN_RESETS = 200;

    static final int PINGS = 1_000;
    static final int SETTINGS = 100;
    static final int PRIORITIES = 2_000;
    static final int UNKNOWN_FRAMES = 1_000;
    static final int EMPTY_DATA = 100;
    static final int TINY_DATA = 10_000;
    static final int WINDOW_UPDATES = 2_000;

    /** An answer that waits unsent because the client does not read counts as so many. */
    static final int UNREAD_ANSWER = 10;

    private static final int WINDOW_UPDATES_FOR_DATA = 10;
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(WINDOW_SECONDS);

    private final Ticker ticker;
    private final Count resets;
    private final Count streamErrors;
    private final Count pings = new Count(ClientProtocolError.PING_FLOOD, PINGS);
    private final Count settings = new Count(ClientProtocolError.SETTINGS_FLOOD, SETTINGS);
    private final Count priorities = new Count(ClientProtocolError.PRIORITY_FLOOD, PRIORITIES);
    private final Count unknownFrames = new Count(ClientProtocolError.UNKNOWN_FRAME_FLOOD, UNKNOWN_FRAMES);
    private final Count emptyData = new Count(ClientProtocolError.EMPTY_DATA_FLOOD, EMPTY_DATA);
    private final Count tinyData = new Count(ClientProtocolError.TINY_DATA_FLOOD, TINY_DATA);
    private final Count windowUpdates = new Count(ClientProtocolError.WINDOW_UPDATE_FLOOD, WINDOW_UPDATES);
    private final List<Count> counts;

    private long windowUpdatesEarned;
    private long windowSinceNanos;

    FloodGuard(Ticker ticker, int maxStreams) {
        this.ticker = ticker;
        int allowedResets = Math.max(MIN_RESETS, 2 * maxStreams);
        this.resets = new Count(ClientProtocolError.RESET_FLOOD, allowedResets);
        this.streamErrors = new Count(ClientProtocolError.STREAM_ERROR_FLOOD, allowedResets);
        this.counts = List.of(
                resets, streamErrors, pings, settings, priorities, unknownFrames, emptyData, tinyData, windowUpdates);
        this.windowSinceNanos = ticker.nanos();
    }

    /** The client reset a stream. */
    void reset() throws FloodException {
        count(resets, 1, 0);
    }

    /** The client made the router reset a stream. */
    void streamError() throws FloodException {
        count(streamErrors, 1, 0);
    }

    /** The client sent a ping. */
    void ping(boolean clientReads) throws FloodException {
        count(pings, clientReads ? 1 : UNREAD_ANSWER, 0);
    }

    /** The client sent settings. */
    void settings(boolean clientReads) throws FloodException {
        count(settings, clientReads ? 1 : UNREAD_ANSWER, 0);
    }

    /** The client sent a priority. */
    void priority() throws FloodException {
        count(priorities, 1, 0);
    }

    /** The client sent a frame of no known type. */
    void unknownFrame() throws FloodException {
        count(unknownFrames, 1, 0);
    }

    /** The client sent a DATA frame without data that ends no request. */
    void emptyData() throws FloodException {
        count(emptyData, 1, 0);
    }

    /** The client sent a DATA frame of a few bytes. */
    void tinyData() throws FloodException {
        count(tinyData, 1, 0);
    }

    /** The client opened a window. */
    void windowUpdate() throws FloodException {
        count(windowUpdates, 1, windowUpdatesEarned);
    }

    /** So much was sent to the client, which opens windows in return. */
    void dataSent(int bytes) {
        windowUpdatesEarned += WINDOW_UPDATES_FOR_DATA + (bytes >> 10);
    }

    private void count(Count count, int weight, long earned) throws FloodException {
        long now = ticker.nanos();
        if (now - windowSinceNanos > WINDOW_NANOS) {
            windowSinceNanos = now;
            windowUpdatesEarned = 0;
            counts.forEach(each -> each.seen = 0);
        }
        count.seen += weight;
        if (count.seen > count.limit + earned) {
            throw new FloodException(count.kind);
        }
    }

    /** How much of one kind was seen. Threading: loop-confined. */
    private static final class Count {

        private final ClientProtocolError kind;
        private final int limit;
        private long seen;

        Count(ClientProtocolError kind, int limit) {
            this.kind = kind;
            this.limit = limit;
        }
    }
}
