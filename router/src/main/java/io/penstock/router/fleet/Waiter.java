package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.router.config.Priority;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request in a {@link WaitingRoom}. It leaves it exactly once: whoever wins {@link #claim} decides how, and the others
 * find nothing to do.
 *
 * <p>Threading: any thread; its guest is told on its own loop only.
 */
public final class Waiter {

    private final PickRequest request;
    private final Set<Engine> excluded;
    private final Priority priority;
    private final Executor loop;
    private final Guest guest;
    private final AtomicBoolean gone = new AtomicBoolean();

    /**
     * A request that has not entered yet.
     *
     * @param request what it asks for; nobody changes it any more
     * @param priority before whom it goes
     * @param loop where the guest is told
     * @param guest whose request it is
     */
    public Waiter(PickRequest request, Priority priority, Executor loop, Guest guest) {
        this.request = request;
        this.excluded = Set.copyOf(request.excluded());
        this.priority = priority;
        this.loop = loop;
        this.guest = guest;
    }

    /** Whose request waits. Exactly one of the two is called, once, on its loop, unless it left by itself. */
    public interface Guest {

        /** There is room, and the ticket is open: the guest must end it, even if it has no use for it any more. */
        void admitted(EngineTicket ticket);

        /** No engine of the pool may take the request any more, whatever the load. */
        void hopeless();
    }

    PickRequest request() {
        return request;
    }

    /** The engines that must not be picked. */
    Set<Engine> excluded() {
        return excluded;
    }

    Priority priority() {
        return priority;
    }

    /** True if any engine will do, so that if there is none for it, there is none for any other. */
    boolean takesAny() {
        return request.excluded().isEmpty();
    }

    boolean isGone() {
        return gone.get();
    }

    /** Ends the wait; false if somebody else did. */
    boolean claim() {
        return gone.compareAndSet(false, true);
    }

    /** Hands a ticket over; one whose loop has ended is not needed any more. */
    void admit(EngineTicket ticket) {
        try {
            loop.execute(() -> guest.admitted(ticket));
        } catch (RejectedExecutionException closed) {
            ticket.end(AttemptEnd.unused());
        }
    }

    void giveUp() {
        try {
            loop.execute(guest::hopeless);
        } catch (RejectedExecutionException closed) {
            // the loop has ended, and its connections with it: nobody is left to be told
        }
    }
}
