package io.penstock.router.fleet;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A control plane on a clock that moves only when told to: events handed over run at once, delayed ones when the clock
 * passes them. Threading: confined to the test's thread.
 */
public final class ManualControl implements ControlPlane {

    private record Event(long at, long number, Runnable run) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long elapsed;
    private long number;
    private boolean closed;

    @Override
    public void execute(Runnable event) {
        if (!closed) {
            event.run();
        }
    }

    @Override
    public void schedule(Duration delay, Runnable event) {
        events.add(new Event(elapsed + delay.toNanos(), number++, event));
    }

    /** Starts near the end of what a long can hold, so that readings compared instead of differences fail. */
    @Override
    public Ticker ticker() {
        return () -> Long.MAX_VALUE - 1_000_000_000L + elapsed;
    }

    /** Moves the clock, and runs what comes due on the way, in order. */
    public void advance(Duration by) {
        long until = elapsed + by.toNanos();
        while (!closed && !events.isEmpty() && events.peek().at() <= until) {
            Event next = events.remove();
            elapsed = next.at();
            next.run().run();
        }
        elapsed = until;
    }

    @Override
    public void close() {
        closed = true;
    }
}
