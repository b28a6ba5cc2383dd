package io.penstock.router.fleet;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;

/**
 * The one thread that changes the fleet: events are handed to it and applied one after the other, so that what they
 * change needs no locks. Threading: {@link #execute} and {@link #schedule} from any thread.
 */
public interface ControlPlane extends AutoCloseable {

    /** Runs an event soon, after those handed over before. Dropped once closed. */
    void execute(Runnable event);

    /** Runs an event after a delay. Dropped if the control plane is closed before. */
    void schedule(Duration delay, Runnable event);

    /** The clock the delays are measured on. */
    Ticker ticker();

    /** Stops: the running event finishes, the others are dropped. Does not wait. */
    @Override
    void close();

    /** Starts the thread. */
    static ControlPlane start(Ticker ticker) {
        return new ControlThread(ticker);
    }
}
