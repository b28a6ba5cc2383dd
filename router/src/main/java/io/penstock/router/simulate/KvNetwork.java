package io.penstock.router.simulate;

import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What simulated engines of one process share in place of RDMA: blocks that are kept for whoever asks for them, and places where a
 * prefill and a decode engine meet. Threading: any thread, and none parks, as engines call it on their loops.
 */
public final class KvNetwork {

    private final Map<String, Long> offers = new ConcurrentHashMap<>();
    private final Map<String, Meeting> meetings = new ConcurrentHashMap<>();
    private final Ticker ticker = Ticker.system();

    /** Two engines that wait for each other. */
    private record Meeting(
            @Nullable Runnable prefill, @Nullable Runnable decode, boolean prefilled) {

        private static Meeting of(@Nullable Meeting known) {
            return known == null ? new Meeting(null, null, false) : known;
        }

        @Nullable
        Meeting without(KvSide.Role role) {
            Runnable otherPrefill = role == KvSide.Role.PREFILL ? null : prefill;
            Runnable otherDecode = role == KvSide.Role.PREFILL ? decode : null;
            boolean empty = otherPrefill == null && otherDecode == null;
            return empty ? null : new Meeting(otherPrefill, otherDecode, prefilled);
        }
    }

    /** Keeps blocks under a name. */
    void offer(String name, Duration lease) {
        offers.put(name, ticker.nanos() + lease.toNanos());
    }

    /** Hands blocks over, which are kept no longer. */
    KvEvent fetch(String name) {
        Long until = offers.remove(name);
        if (until == null) {
            return KvEvent.UNKNOWN;
        }
        return ticker.nanos() - until >= 0 ? KvEvent.EXPIRED : KvEvent.FETCHED;
    }

    /** Blocks that nobody has fetched yet, and places where somebody still waits. */
    public int stranded() {
        return offers.size() + meetings.size();
    }

    /** A prefill engine is there, and goes on as soon as a decode engine is. */
    void prefillCame(String place, Runnable goOn) {
        Meeting[] before = {Meeting.of(null)};
        meetings.compute(place, (any, known) -> {
            Meeting meeting = Meeting.of(known);
            before[0] = meeting;
            return new Meeting(goOn, meeting.decode, meeting.prefilled);
        });
        if (before[0].decode != null) {
            goOn.run();
        }
    }

    /** A decode engine is there, and goes on as soon as the prefill is done. */
    void decodeCame(String place, Runnable goOn) {
        Meeting[] before = {Meeting.of(null)};
        meetings.compute(place, (any, known) -> {
            Meeting meeting = Meeting.of(known);
            before[0] = meeting;
            return meeting.prefilled ? null : new Meeting(meeting.prefill, goOn, false);
        });
        Runnable waiting = before[0].prefill;
        if (before[0].prefilled) {
            goOn.run();
        } else if (waiting != null) {
            waiting.run();
        }
    }

    /** The prefill is done. */
    void prefilled(String place) {
        Meeting[] before = {Meeting.of(null)};
        meetings.compute(place, (any, known) -> {
            Meeting meeting = Meeting.of(known);
            before[0] = meeting;
            return meeting.decode == null ? new Meeting(meeting.prefill, null, true) : null;
        });
        Runnable waiting = before[0].decode;
        if (waiting != null) {
            waiting.run();
        }
    }

    /** One of the two waits no longer. */
    void left(String place, KvSide.Role role) {
        meetings.computeIfPresent(place, (any, meeting) -> meeting.without(role));
    }
}
