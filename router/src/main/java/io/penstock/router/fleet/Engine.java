package io.penstock.router.fleet;

import com.dynatrace.hash4j.hashing.Hashing;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.Endpoint;
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
    private final Admission admission;
    private final EngineLoad load = new EngineLoad();
    private final LongAdder sessionsHomed = new LongAdder();
    private volatile @Nullable Trial trial;
    private volatile @Nullable String zone;

    Engine(String pool, Endpoint endpoint, PassiveHealth passiveHealth, Admission admission) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.name = endpoint.authority();
        this.nameHash = Hashing.xxh3_64().hashCharsToLong(name);
        this.passiveHealth = passiveHealth;
        this.admission = admission;
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

    /** Where it runs, as its pool's list says; null if that does not say so. */
    public @Nullable String zone() {
        return zone;
    }

    /** Requests admitted and not ended. */
    public int inFlight() {
        return EngineLoad.requests(load.seen());
    }

    /** Tokens of prompts that were admitted, and whose answer has not begun. */
    public long promptTokens() {
        return EngineLoad.promptTokens(load.seen());
    }

    /** Requests and prompt tokens of one moment, for {@link #admitAsSeen}; {@link #weight} makes them comparable. */
    public long load() {
        return load.seen();
    }

    /**
     * A load in tokens: those of prompts it has not answered yet, and {@code perRequest} for each request it holds.
     *
     * @param load what {@link #load} told
     */
    public static long weight(long load, int perRequest) {
        return EngineLoad.promptTokens(load) + (long) perRequest * EngineLoad.requests(load);
    }

    /** True if it may be given a request now: it holds fewer than its limit, and no other request is trying it. */
    public boolean hasRoom() {
        Trial on = trial;
        return inFlight() < admission.engineLimit() && (on == null || on.isFree());
    }

    /** Admits a request whatever the load is, or answers null if there is no room. */
    public @Nullable EngineTicket admit(PickRequest request) {
        EngineTicket ticket = null;
        while (ticket == null && hasRoom()) {
            ticket = admitAsSeen(load.seen(), request);
        }
        return ticket;
    }

    /**
     * Admits a request only if as many are in flight as the caller saw when it chose this engine, so that choosing and
     * counting are one step.
     *
     * @return the open ticket, or null if their number has changed or there is no room: look again
     */
    public @Nullable EngineTicket admitAt(int seenInFlight, PickRequest request) {
        long seen = load.seen();
        EngineTicket ticket = null;
        while (ticket == null && EngineLoad.requests(seen) == seenInFlight && hasRoom()) {
            ticket = admitAsSeen(seen, request);
            seen = load.seen();
        }
        return ticket;
    }

    /**
     * Admits a request only if nothing of {@link #load} has changed since.
     *
     * @return the open ticket, or null if it has or there is no room: look again
     */
    public @Nullable EngineTicket admitAsSeen(long seen, PickRequest request) {
        Trial on = trial;
        if (EngineLoad.requests(seen) >= admission.engineLimit() || (on != null && !on.take())) {
            return null;
        }
        if (load.begin(seen, request.promptTokens())) {
            return new EngineTicket(this, on, request.promptTokens());
        }
        if (on != null) {
            on.giveBack();
            admission.room().wake();
        }
        return null;
    }

    /** It runs there; policies learn of it with their next selector. */
    void controlZone(@Nullable String now) {
        zone = now;
    }

    /** From now on requests are admitted to this trial; null ends it. */
    void controlTrial(@Nullable Trial now) {
        trial = now;
    }

    void answering(Trial tried) {
        passiveHealth.answering(tried);
    }

    /** The answer to a prompt of so many tokens began. */
    void prefilled(int promptTokens) {
        load.prefilled(promptTokens);
    }

    /** Judged first, then counted out, then the place is offered: whoever gets it sees both. */
    void ended(AttemptEnd end, @Nullable Trial tried) {
        passiveHealth.attemptEnded(end, tried);
        load.end();
        admission.ended();
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
