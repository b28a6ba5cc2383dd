package io.penstock.router.fleet;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Those of one priority who wait, in the order in which they came. Who excludes the same engines stands in one file: when its
 * first finds no engine, nobody behind it in that file would, so that a round looks at no more waiters than it serves and there
 * are files.
 *
 * <p>Threading: none of its own; touched by one round of the {@link WaitingRoom} at a time.
 */
final class WaitingLine {

    private final Map<Set<Engine>, File> files = new HashMap<>();
    private long came;

    /** Who excludes the same engines, with the number each came as. */
    private static final class File {

        private final Map<Waiter, Long> waiters = new LinkedHashMap<>();

        Waiter first() {
            return waiters.keySet().iterator().next();
        }

        long firstCame() {
            return waiters.values().iterator().next();
        }

        void removeFirst() {
            Iterator<Waiter> all = waiters.keySet().iterator();
            all.next();
            all.remove();
        }
    }

    /** Somebody comes last. */
    void add(Waiter waiter) {
        files.computeIfAbsent(waiter.excluded(), none -> new File()).waiters.putIfAbsent(waiter, came++);
    }

    /** Somebody left. */
    void remove(Waiter waiter) {
        File file = files.get(waiter.excluded());
        if (file != null) {
            file.waiters.remove(waiter);
            if (file.waiters.isEmpty()) {
                files.remove(waiter.excluded());
            }
        }
    }

    /**
     * Goes through the line from the first to the last.
     *
     * @param served whether the wait of this one is over
     * @return false if there is no room for anybody, in other lines neither
     */
    boolean serve(Predicate<Waiter> served) {
        Queue<File> next = new PriorityQueue<>(Comparator.comparingLong(File::firstCame));
        next.addAll(files.values());
        for (File file = next.poll(); file != null; file = next.poll()) {
            Waiter first = file.first();
            if (first.isGone() || served.test(first)) {
                file.removeFirst();
                if (file.waiters.isEmpty()) {
                    files.remove(first.excluded());
                } else {
                    next.add(file);
                }
            } else if (first.takesAny()) {
                return false;
            }
        }
        return true;
    }
}
