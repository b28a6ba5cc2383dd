package io.penstock.router;

import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a command that runs until it is told to end does so. The first SIGTERM or Ctrl-C ends it in order, with exit code 0: the
 * JVM's own code after a signal, 128 + the signal's number, reads as a crash. A second one ends it at once, and then that is
 * its code, so that whoever sent it sees that it counted. A signal that comes before the command is ready ends the process with the
 * signal's code, since nothing runs yet that could end in order.
 *
 * <p>Threading: the main thread, and a thread of the JVM for each signal.
 */
final class Termination {

    private static final Logger log = LoggerFactory.getLogger(Termination.class);
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    /** What a shell adds to a signal's number to make it an exit code. */
    private static final int SIGNALLED = 128;

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();
    private final IntConsumer exit;
    private final IntConsumer halt;
    private volatile boolean ready;
    private volatile boolean exiting;
    private volatile int code;
    private volatile @Nullable Runnable endNow;

    /** Ends the process by these. */
    Termination(IntConsumer exit, IntConsumer halt) {
        this.exit = exit;
        this.halt = halt;
    }

    /** From now on signals are taken. Called first of all. */
    static Termination expected() {
        Runtime runtime = Runtime.getRuntime();
        var termination = new Termination(runtime::exit, runtime::halt);
        Signals.Had term = Signals.on("TERM", () -> termination.signal(SIGTERM));
        Signals.Had interrupt = Signals.on("INT", () -> termination.signal(SIGINT));
        if (term == Signals.Had.UNAVAILABLE || interrupt == Signals.Had.UNAVAILABLE) {
            Runtime.getRuntime().addShutdownHook(new Thread(termination::byHook, "penstock-termination"));
        }
        return termination;
    }

    /**
     * From now on signals are kept for {@link #await}. Called before anything is printed that may be taken for a sign that the
     * command can be told to end.
     */
    void ready() {
        ready = true;
    }

    /** What the first and any further signal does. */
    void signal(int number) {
        boolean first = signals.incrementAndGet() == 1;
        if (first && !ready) {
            exiting = true;
            exit.accept(SIGNALLED + number);
        } else if (exiting) {
            halt.accept(SIGNALLED + number);
        } else if (first) {
            told.countDown();
        } else {
            code = SIGNALLED + number;
            Runnable now = endNow;
            if (now != null) {
                log.warn("told to end a second time: ending now");
                now.run();
            }
        }
    }

    /** Where signals cannot be had, the JVM's own end is held up until the command's is over. */
    private void byHook() {
        if (endNow == null) {
            return;
        }
        told.countDown();
        try {
            ended.await();
            Runtime.getRuntime().halt(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for a signal and runs {@code end}. One more signal calls {@code now}, on another thread, which makes {@code end}
     * return soon.
     *
     * @return the exit code
     * @throws InterruptedException if the calling thread is interrupted, which nothing does
     */
    int await(Runnable end, Runnable now) throws InterruptedException {
        endNow = now;
        told.await();
        try {
            if (code != 0) {
                now.run();
            }
            end.run();
        } catch (RuntimeException e) {
            log.error("the end was not orderly", e);
            code = 1;
        } finally {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
                logging.stop();
            }
            ended.countDown();
        }
        return code;
    }
}
