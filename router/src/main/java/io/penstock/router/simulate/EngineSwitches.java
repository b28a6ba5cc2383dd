package io.penstock.router.simulate;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Faults of the engine as a whole, and what it saw. Threading: any thread; a lock is held for a few instructions, on a
 * path that only a simulator has. Bounded: the record keeps the latest requests only.
 */
final class EngineSwitches {

    private final int recorded;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<ReceivedRequest> received = new ArrayDeque<>();
    private Fault planned = Fault.NONE;
    private int plannedRequests;
    private volatile boolean healthy = true;

    EngineSwitches(int recorded) {
        this.recorded = recorded;
    }

    boolean healthy() {
        return healthy;
    }

    void healthy(boolean up) {
        healthy = up;
    }

    /** Lets the next {@code requests} POST requests without a fault of their own meet {@code fault}. */
    void plan(Fault fault, int requests) {
        lock.lock();
        try {
            planned = fault;
            plannedRequests = requests;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one of the planned faults. */
    Fault takePlanned() {
        lock.lock();
        try {
            if (plannedRequests == 0) {
                return Fault.NONE;
            }
            plannedRequests--;
            return planned;
        } finally {
            lock.unlock();
        }
    }

    boolean records() {
        return recorded > 0;
    }

    void record(ReceivedRequest request) {
        lock.lock();
        try {
            if (received.size() == recorded) {
                received.removeFirst();
            }
            received.addLast(request);
        } finally {
            lock.unlock();
        }
    }

    List<ReceivedRequest> received() {
        lock.lock();
        try {
            return List.copyOf(received);
        } finally {
            lock.unlock();
        }
    }
}
