package io.penstock.router.fleet;

import com.dynatrace.hash4j.hashing.Hashing;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One engine of one pool, with what the router itself counts about it. The same object stays in every snapshot for as
 * long as the engine belongs to the pool. An address named by two pools is two engines, counted apart.
 *
 * <p>Threading: counter. Whether it may be picked is not known here but in the snapshot.
 */
public final class Engine {

    private final String pool;
    private final Endpoint endpoint;
    private final String name;
    private final long nameHash;
    private final PassiveHealth passiveHealth;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final LongAdder sessionsHomed = new LongAdder();

    Engine(String pool, Endpoint endpoint, PassiveHealth passiveHealth) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.name = endpoint.authority();
        this.nameHash = Hashing.xxh3_64().hashCharsToLong(name);
        this.passiveHealth = passiveHealth;
    }

    /** The pool it belongs to. */
    public String pool() {
        return pool;
    }

    /** {@code host:port}; unique within its pool, the same in every router. */
    public String name() {
        return name;
    }

    /** A hash of the name, the same in every router. */
    public long nameHash() {
        return nameHash;
    }

    /** Where it listens. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Requests admitted and not ended. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Admits a request whatever the load is. */
    public EngineTicket admit() {
        inFlight.getAndIncrement();
        return new EngineTicket(this);
    }

    /**
     * Admits a request only if the load is still what the caller saw when it chose this engine, so that choosing and
     * counting are one step.
     *
     * @return the open ticket, or null if the load has changed: look again
     */
    public @Nullable EngineTicket admitAt(int seenInFlight) {
        return inFlight.compareAndSet(seenInFlight, seenInFlight + 1) ? new EngineTicket(this) : null;
    }

    void ended(AttemptEnd end) {
        inFlight.getAndDecrement();
        passiveHealth.attemptEnded(end);
    }

    /** Counts a session that has its home here. */
    public void sessionHomed() {
        sessionsHomed.increment();
    }

    /** Takes back one {@link #sessionHomed}. */
    public void sessionLeft() {
        sessionsHomed.decrement();
    }

    /** Sessions seen lately whose home it is. */
    public long sessionsHomed() {
        return sessionsHomed.sum();
    }

    @Override
    public String toString() {
        return pool + "/" + name;
    }
}
