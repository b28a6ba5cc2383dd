package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Judges one engine by the requests it was given: counts failures in a row, and reports once when there are too many.
 * Only what is the engine's fault counts against it; a client that leaves or asks for nonsense says nothing.
 *
 * <p>Threading: counter; fed by every event loop, reports on the loop that saw the last failure.
 */
final class PassiveHealth {

    private static final int NOT_IMPLEMENTED = 501;

    private final int failuresToReport;
    private final Consumer<AttemptEnd> report;
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * Starts with no failures.
     *
     * @param failuresToReport how many in a row are too many; 0 never reports
     * @param report told once of the failure that was too many, and again only after {@link #rearm}
     */
    PassiveHealth(int failuresToReport, Consumer<AttemptEnd> report) {
        this.failuresToReport = failuresToReport;
        this.report = report;
    }

    void attemptEnded(AttemptEnd end) {
        if (failuresToReport == 0) {
            return;
        }
        if (isEngineFailure(end)) {
            countFailure(end);
        } else if (end.failure() == null && end.status() < 400 && failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
    }

    private void countFailure(AttemptEnd end) {
        int failures = failuresInRow.incrementAndGet();
        if (failures >= failuresToReport && reported.compareAndSet(false, true)) {
            report.accept(end);
        }
    }

    /** 501 says that the model cannot do what the client asked for, so it is no fault of the engine. */
    private static boolean isEngineFailure(AttemptEnd end) {
        FailureKind failure = end.failure();
        if (failure == null) {
            return end.status() >= 500 && end.status() != NOT_IMPLEMENTED;
        }
        return failure.fault() == Fault.ENGINE;
    }

    /** Allows the next report; the row goes on, so one more failure is enough for it. */
    void rearm() {
        reported.set(false);
    }

    /** Forgets the row, as the engine is a new one now. */
    void reset() {
        failuresInRow.set(0);
        rearm();
    }
}
