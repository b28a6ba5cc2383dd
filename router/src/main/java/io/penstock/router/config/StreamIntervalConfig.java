package io.penstock.router.config;

import io.penstock.proxy.api.StreamInterval;
import java.time.Duration;

/** How many events of a stream are gathered before they are written to the client. Threading: immutable. */
public record StreamIntervalConfig(
        @Key(
                value = "events of a stream that are written to the client together; 1 writes each as it comes",
                defaultsTo = "1",
                min = "1",
                max = "1000")
        int events,

        @Key(
                value = "the longest an event is held, from the first one held",
                defaultsTo = "100ms",
                min = "1ms",
                max = "10s")
        Duration maxDelay,

        @Key(
                value = "batch leaves every byte as it is; merge makes one event of those that continue each other",
                defaultsTo = "batch")
        StreamInterval.Mode mode,

        @Key(
                value = "the most that is held of one stream; a larger event is passed on as it comes",
                defaultsTo = "64KiB",
                min = "1KiB",
                max = "16MiB")
        ByteSize maxBytes,

        @Key("what a client may ask for with x-penstock-stream-interval")
        HeaderConfig header) {

    /** The bounds of what clients may ask for; what is beyond them is taken for them. */
    public record HeaderConfig(
            @Key(
                    value = "the most events; 1 lets clients only turn the interval off",
                    defaultsTo = "64",
                    min = "1",
                    max = "1000")
            int maxEvents,

            @Key(value = "the longest delay", defaultsTo = "500ms", min = "1ms", max = "10s")
            Duration maxDelay,

            @Key(value = "false: mode=merge is taken for the route's own mode", defaultsTo = "true")
            boolean merge) {}

    /** Off, and for clients to ask for. */
    public static final StreamIntervalConfig DEFAULTS = new StreamIntervalConfig(
            1,
            Duration.ofMillis(100),
            StreamInterval.Mode.BATCH,
            new ByteSize(64 << 10),
            new HeaderConfig(64, Duration.ofMillis(500), true));

    /** The interval of streams whose clients ask for nothing else. */
    public StreamInterval interval() {
        return new StreamInterval(events, maxDelay.toNanos(), mode, (int) maxBytes.bytes());
    }
}
