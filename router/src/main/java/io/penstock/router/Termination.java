package io.penstock.router;

import ch.qos.logback.classic.LoggerContext;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** How a command that runs until it is told to end does so. Threading: the main thread and the JVM's shutdown thread. */
final class Termination {

    private Termination() {}

    /**
     * Waits for SIGTERM or Ctrl-C, runs {@code end}, and ends the process with code 0. The JVM's own code after a signal
     * would be 128 + the signal's number, which reads as a crash.
     *
     * @throws InterruptedException if the calling thread is interrupted, which nothing does
     */
    static void await(Runnable end) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endProcess(end), "penstock-termination"));
        new CountDownLatch(1).await();
    }

    private static void endProcess(Runnable end) {
        int code = 1;
        try {
            end.run();
            code = 0;
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(Termination.class).error("the end was not orderly", e);
        } finally {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
                logging.stop();
            }
            Runtime.getRuntime().halt(code);
        }
    }
}
