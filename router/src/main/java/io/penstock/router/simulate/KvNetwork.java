package io.penstock.router.simulate;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What simulated engines of one process share in place of RDMA: blocks that are kept for whoever asks for them, and places where a
 * prefill and a decode engine meet. Threading: any thread; a lock is held for a few instructions.
 */
public final class KvNetwork {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Long> offers = new HashMap<>();
    private final Map<String, Meeting> meetings = new HashMap<>();
    private final Ticker ticker = Ticker.system();

    /** Two engines that wait for each other. */
    private static final class Meeting {
        private @Nullable Runnable prefill;
        private @Nullable Runnable decode;
        private boolean prefilled;
    }

    /** Keeps blocks under a name. */
    void offer(String name, Duration lease) {
        lock.lock();
        try {
            offers.put(name, ticker.nanos() + lease.toNanos());
        } finally {
            lock.unlock();
        }
    }

    /** Hands blocks over, which are kept no longer. */
    KvEvent fetch(String name) {
        lock.lock();
        try {
            Long until = offers.remove(name);
            if (until == null) {
                return KvEvent.UNKNOWN;
            }
            return ticker.nanos() - until >= 0 ? KvEvent.EXPIRED : KvEvent.FETCHED;
        } finally {
            lock.unlock();
        }
    }

    /** Blocks that nobody has fetched yet, and places where somebody still waits. */
    public int stranded() {
        lock.lock();
        try {
            return offers.size() + meetings.size();
        } finally {
            lock.unlock();
        }
    }

    /** A prefill engine is there, and goes on as soon as a decode engine is. */
    void prefillCame(String place, Runnable goOn) {
        boolean both;
        lock.lock();
        try {
            Meeting meeting = meetings.computeIfAbsent(place, any -> new Meeting());
            meeting.prefill = goOn;
            both = meeting.decode != null;
        } finally {
            lock.unlock();
        }
        if (both) {
            goOn.run();
        }
    }

    /** A decode engine is there, and goes on as soon as the prefill is done. */
    void decodeCame(String place, Runnable goOn) {
        Runnable waiting;
        boolean prefilled;
        lock.lock();
        try {
            Meeting meeting = meetings.computeIfAbsent(place, any -> new Meeting());
            meeting.decode = goOn;
            waiting = meeting.prefill;
            prefilled = meeting.prefilled;
            if (prefilled) {
                meetings.remove(place);
            }
        } finally {
            lock.unlock();
        }
        if (prefilled) {
            goOn.run();
        } else if (waiting != null) {
            waiting.run();
        }
    }

    /** The prefill is done. */
    void prefilled(String place) {
        Runnable waiting;
        lock.lock();
        try {
            Meeting meeting = meetings.computeIfAbsent(place, any -> new Meeting());
            meeting.prefilled = true;
            waiting = meeting.decode;
            if (waiting != null) {
                meetings.remove(place);
            }
        } finally {
            lock.unlock();
        }
        if (waiting != null) {
            waiting.run();
        }
    }

    /** One of the two waits no longer. */
    void left(String place, KvSide.Role role) {
        lock.lock();
        try {
            Meeting meeting = meetings.get(place);
            if (meeting != null) {
                leave(meeting, role);
                if (meeting.prefill == null && meeting.decode == null) {
                    meetings.remove(place);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void leave(Meeting meeting, KvSide.Role role) {
        if (role == KvSide.Role.PREFILL) {
            meeting.prefill = null;
        } else {
            meeting.decode = null;
        }
    }
}
