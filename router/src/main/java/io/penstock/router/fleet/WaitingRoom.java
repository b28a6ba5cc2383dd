package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.Priority;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one pool that wait until an engine has room, first come first served within a priority. A place that
 * becomes free is given to one of them, already reserved: nobody is woken to find it taken, and no newcomer takes it.
 *
 * <p><b>One thread at a time, and no lock.</b> The lines are plain collections. Whoever brings news (somebody enters or
 * leaves, a request ended, the fleet changed) raises {@link #news}; the one who raises it from zero goes through the lines,
 * and goes through them again until nothing was raised meanwhile. The others go their way at once. Each round begins
 * after the news that caused it, and finds the lines as the last round left them, because both read and write
 * {@code news}.
 *
 * <p><b>No wake-up is lost.</b> Entering (1) raises {@link #waiting}, (2) queues, (3) causes a round, which tries to pick.
 * A request that ends (a) lowers its engine's count, (b) reads {@code waiting} and, unless it is zero, (c) causes a round. If
 * (b) reads zero it came before (1), so (a) came before (3), and that round finds the place. Otherwise a round begins after
 * (a): if it does not find the waiter, (2) was not done, and (3) comes still later. The same holds for a pick that gives up
 * what it had reserved, and for a new snapshot, with its publication as (a). A round that finds no engine for a waiter
 * causes no round by giving back its own reservation: who missed the place for that entered the room after it, and so
 * causes a round of its own.
 *
 * <p><b>Each waiter ends once</b>: by {@link Waiter#claim}, won by a round or by the guest that leaves. A ticket picked for
 * one that had just left is ended, which causes another round.
 *
 * <p>Threading: any thread; lock-free. A round runs on the thread that brought the news: usually the event loop whose
 * request ended.
 */
public final class WaitingRoom {

    private static final Logger log = LoggerFactory.getLogger(WaitingRoom.class);

    private final Supplier<LimitsConfig> limits;
    private final Supplier<PoolSnapshot> pool;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger waitingForAny = new AtomicInteger();
    private final AtomicInteger news = new AtomicInteger();
    private final Queue<Waiter> moved = new ConcurrentLinkedQueue<>();
    private final Map<Priority, WaitingLine> lines = new EnumMap<>(Priority.class);

    /** An empty room that picks from the pool as it is at that moment, with its limits at that moment. */
    WaitingRoom(Supplier<LimitsConfig> limits, Supplier<PoolSnapshot> pool) {
        this.limits = limits;
        this.pool = pool;
        for (Priority priority : Priority.values()) {
            lines.put(priority, new WaitingLine());
        }
    }

    /** How long a request may wait at most. */
    public Duration maxWait() {
        return limits.get().maxWait();
    }

    /** Requests that wait. */
    public int waiting() {
        return waiting.get();
    }

    /**
     * True if a new request must not be picked for before those that wait: there is no room for any, or some wait for
     * particular engines, as it does.
     */
    public boolean isAhead(PickRequest newcomer) {
        return waitingForAny.get() != 0 || (!newcomer.excluded().isEmpty() && waiting.get() != 0);
    }

    /** Takes a request in; false if the room is full, and then nothing has happened. */
    public boolean enter(Waiter waiter) {
        if (!hasPlace()) {
            return false;
        }
        if (waiter.takesAny()) {
            waitingForAny.getAndIncrement();
        }
        moved.add(waiter);
        round();
        return true;
    }

    private boolean hasPlace() {
        int size = limits.get().waiting();
        for (int seen = waiting.get(); seen < size; seen = waiting.get()) {
            if (waiting.compareAndSet(seen, seen + 1)) {
                return true;
            }
        }
        return false;
    }

    /** Lets a request out that has waited long enough; false if its guest has been or will be told of its end. */
    public boolean leave(Waiter waiter) {
        if (!end(waiter)) {
            return false;
        }
        moved.add(waiter);
        round();
        return true;
    }

    private boolean end(Waiter waiter) {
        boolean first = waiter.claim();
        if (first) {
            waiting.getAndDecrement();
            if (waiter.takesAny()) {
                waitingForAny.getAndDecrement();
            }
        }
        return first;
    }

    /** There may be room: a request ended, or the fleet changed. */
    void wake() {
        if (waiting.get() != 0) {
            round();
        }
    }

    private void round() {
        if (news.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                settle();
                serve(pool.get());
            } catch (RuntimeException | AssertionError defect) {
                log.error("a waiting request could not be picked for; it waits on", defect);
            }
            seen = news.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Puts those who came to the end of their line and takes out those who left, in the order it happened. */
    private void settle() {
        for (Waiter waiter = moved.poll(); waiter != null; waiter = moved.poll()) {
            WaitingLine line = Objects.requireNonNull(lines.get(waiter.priority()));
            if (waiter.isGone()) {
                line.remove(waiter);
            } else {
                line.add(waiter);
            }
        }
    }

    private void serve(PoolSnapshot now) {
        for (WaitingLine line : lines.values()) {
            if (!line.serve(waiter -> isServed(waiter, now))) {
                return;
            }
        }
    }

    /** Ends the wait if there is an engine for it, or never will be. */
    private boolean isServed(Waiter waiter, PoolSnapshot now) {
        EngineTicket ticket = now.tryPick(waiter.request());
        if (ticket == null && now.mayServe(waiter.request())) {
            return false;
        }
        boolean first = end(waiter);
        if (ticket != null && first) {
            waiter.admit(ticket);
        } else if (ticket != null) {
            ticket.end(AttemptEnd.unused());
        } else if (first) {
            waiter.giveUp();
        }
        return true;
    }
}
