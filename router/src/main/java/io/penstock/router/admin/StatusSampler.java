package io.penstock.router.admin;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.metrics.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the router and makes one event of it for the status page: the fleet as it is now, and rates over the readings of the last
 * {@link #WINDOW}. Threading: confined to the admin port's worker.
 */
final class StatusSampler {

    /** How far back rates look. Shorter, and slow streams, which are counted at their end, would make them jump. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    /** A reading that is a little late still has one of the window's length before it. */
    private static final long OLDEST_NANOS =
            WINDOW.toNanos() + Duration.ofMillis(500).toNanos();

    private final FleetView fleet;
    private final Supplier<Traffic> traffic;
    private final Ticker ticker;
    private final StatusJson json;
    private final ArrayDeque<StatusReading> readings = new ArrayDeque<>();

    StatusSampler(FleetView fleet, Supplier<Traffic> traffic, Ticker ticker, StatusJson json) {
        this.fleet = fleet;
        this.traffic = traffic;
        this.ticker = ticker;
        this.json = json;
    }

    /**
     * One event of the stream: {@code data:}, a line of JSON and an empty line.
     *
     * @param watchers how many watch
     */
    byte[] event(int watchers) {
        StatusReading now = new StatusReading(ticker.nanos(), traffic.get());
        while (!readings.isEmpty() && now.nanos() - readings.getFirst().nanos() > OLDEST_NANOS) {
            readings.removeFirst();
        }
        @Nullable StatusReading before = readings.peekFirst();
        readings.addLast(now);
        String text = json.of(fleet.pools(), now, before, watchers);
        return ("data: " + text + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
