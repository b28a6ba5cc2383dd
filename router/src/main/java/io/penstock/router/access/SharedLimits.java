package io.penstock.router.access;

import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits that several routers have in common, wherever those are kept. Every router keeps its own ones beside them, which
 * decide alone while nobody answers. Threading: any thread; nothing here waits.
 */
public interface SharedLimits {

    /** Why a router's own limits decided alone. */
    enum Unanswered {
        /** There is no connection: nobody was asked. */
        AWAY,
        /** Too many questions were open: nobody was asked. */
        BUSY,
        /** The answer did not come in time. */
        LATE,
        /** The answer was an error, or none. */
        FAILED;

        /** The metric label. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * So much within a minute, in common with all routers that give the same name and amount.
     *
     * @param name what is limited, which holds no secret
     * @param left what is left of it by this router's own account: a bucket that nobody knows yet begins with that
     */
    SharedBucket bucket(String name, long limit, LongSupplier left);

    /** True if asking is worth while. */
    boolean isReachable();

    /** How long a request waits for answers. */
    long patienceNanos();

    /** The time by which answers are judged. */
    long nanos();

    /**
     * A request was decided by what was answered.
     *
     * @param passed whether it passed
     * @param nanos how long it waited
     */
    void answered(boolean passed, long nanos);

    /**
     * A request was decided by this router's own limits alone.
     *
     * @param began when it began to ask, by {@link #nanos}
     */
    void unanswered(Unanswered why, long began, @Nullable Throwable cause);
}
