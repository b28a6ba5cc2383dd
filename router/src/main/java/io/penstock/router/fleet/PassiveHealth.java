package io.penstock.router.fleet;

import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.Fault;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.HealthConfig;
import io.penstock.router.config.Units;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Judges one engine by the requests it was given: by failures in a row, and by their share within a window. It reports
 * once when there are too many. Only what is the engine's fault counts against it; a client that leaves or asks for
 * nonsense says nothing, and an engine that pushes back with 429 is busy, not faulty.
 *
 * <p>Threading: counter; fed by every event loop, reports on the loop that saw the last failure.
 */
final class PassiveHealth {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_IMPLEMENTED = 501;

    private final HealthConfig config;
    private final Ticker ticker;
    private final EngineReports reports;
    private final @Nullable FailureWindow window;
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private final AtomicBoolean reported = new AtomicBoolean();

    /**
     * Starts with no failures.
     *
     * @param config how many failures are too many
     * @param reports told once of too many failures, and again only after {@link #reset}
     */
    PassiveHealth(HealthConfig config, Ticker ticker, EngineReports reports) {
        this.config = config;
        this.ticker = ticker;
        this.reports = reports;
        this.window = config.failureRatio() == 0
                ? null
                : new FailureWindow(config.window().toNanos(), ticker.nanos());
    }

    private enum Verdict {
        GOOD,
        FAILED,
        SAYS_NOTHING
    }

    /** Takes in how an attempt ended; {@code trial} if the engine was tried with it and it has not decided yet. */
    void attemptEnded(AttemptEnd end, @Nullable Trial trial) {
        Verdict verdict = verdict(end);
        if (verdict == Verdict.SAYS_NOTHING) {
            if (trial != null) {
                trial.giveBack();
            }
            pushback(end);
            return;
        }
        count(verdict == Verdict.FAILED, end);
        if (trial != null) {
            reports.tried(trial, verdict == Verdict.GOOD, ended(end));
        }
    }

    /** The engine answers the request it was tried with. */
    void answering(Trial trial) {
        reports.tried(trial, true, "is being answered");
    }

    /** 501 says that the model cannot do what the client asked for, so it is no fault of the engine. */
    private static Verdict verdict(AttemptEnd end) {
        FailureKind failure = end.failure();
        boolean failed = failure == null
                ? end.status() >= 500 && end.status() != NOT_IMPLEMENTED
                : failure.fault() == Fault.ENGINE;
        if (failed) {
            return Verdict.FAILED;
        }
        return failure == null && end.status() < 400 ? Verdict.GOOD : Verdict.SAYS_NOTHING;
    }

    private void pushback(AttemptEnd end) {
        long longest = config.maxRetryAfter().toSeconds();
        if (end.status() == TOO_MANY_REQUESTS && end.retryAfterSeconds() > 0 && longest > 0) {
            reports.pushedBack(Duration.ofSeconds(Math.min(longest, end.retryAfterSeconds())));
        }
    }

    private void count(boolean failed, AttemptEnd end) {
        long now = window == null ? 0 : ticker.nanos();
        if (window != null) {
            window.add(failed, now);
        }
        if (failed) {
            failed(failuresInRow.incrementAndGet(), now, end);
        } else if (failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
    }

    private void failed(int inRow, long nowNanos, AttemptEnd last) {
        if (config.ejectAfter() > 0 && inRow >= config.ejectAfter()) {
            report(StateCause.FAILURES_IN_A_ROW, inRow + " requests in a row failed, the last " + ended(last));
        } else if (window != null && !reported.get()) {
            FailureWindow.Sums sums = window.sums(nowNanos);
            if (sums.requests() >= config.minRequests() && sums.failures() >= config.failureRatio() * sums.requests()) {
                report(
                        StateCause.FAILURE_RATIO,
                        sums.failures() + " of " + sums.requests() + " requests within " + Units.text(config.window())
                                + " failed, the last " + ended(last));
            }
        }
    }

    private static String ended(AttemptEnd end) {
        FailureKind failure = end.failure();
        return failure == null ? "with status " + end.status() : "as " + failure.label();
    }

    private void report(StateCause cause, String what) {
        if (reported.compareAndSet(false, true)) {
            reports.failing(cause, what);
        }
    }

    /** Forgets what was, as the engine proved to be well, or is a new one. */
    void reset() {
        failuresInRow.set(0);
        if (window != null) {
            window.clear();
        }
        reported.set(false);
    }
}
