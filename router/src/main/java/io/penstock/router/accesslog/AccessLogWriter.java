package io.penstock.router.accesslog;

import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries on a thread of its own. They wait in a bounded queue that takes no lock; what finds it full is lost and counted, and
 * so is what cannot be written: whoever reads the log may stop, or leave, and the router goes on.
 *
 * <p>Threading: {@link #offer} on event loops; writing on the thread.
 */
final class AccessLogWriter implements AutoCloseable {

    /** Half a second of lines at 16,000 requests a second, should the reader pause. */
    static final int MAX_QUEUED = 8192;

    private static final Logger log = LoggerFactory.getLogger(AccessLogWriter.class);
    private static final int BATCH_BYTES = 64 << 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LAST_LINES_MILLIS = 1_000;

    private final Queue<AccessEntry> queue = PlatformDependent.newFixedMpscQueue(MAX_QUEUED);
    private final LongAdder dropped = new LongAdder();
    private final AccessLines lines = new AccessLines();
    private final OutputStream out;
    private final Thread thread;
    private volatile boolean closed;
    private int batched;
    private boolean failing;

    /** Writes to {@code out} once started. */
    AccessLogWriter(OutputStream out) {
        this.out = out;
        this.thread = new Thread(this::run, "penstock-access-log");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Takes an entry, or drops it; never waits. */
    void offer(AccessEntry entry) {
        if (!queue.offer(entry)) {
            dropped.increment();
        }
    }

    /** Lines that were lost. */
    long dropped() {
        return dropped.sum();
    }

    private void run() {
        while (!closed) {
            writeQueued();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        writeQueued();
    }

    /** Writes all that waits. */
    void writeQueued() {
        for (AccessEntry entry = queue.poll(); entry != null; entry = queue.poll()) {
            add(entry);
            if (lines.bytes() >= BATCH_BYTES) {
                writeBatch();
            }
        }
        if (lines.bytes() > 0) {
            writeBatch();
        }
    }

    private void add(AccessEntry entry) {
        try {
            lines.add(entry);
            batched++;
        } catch (IOException | RuntimeException defect) {
            dropped.increment();
            log.error("no line of the access log could be made for request {}", entry.requestId(), defect);
        }
    }

    private void writeBatch() {
        byte[] batch = lines.take();
        try {
            out.write(batch);
            out.flush();
            failing = false;
        } catch (IOException e) {
            dropped.add(batched);
            if (!failing) {
                log.warn("the access log cannot be written, its lines are lost until it can: {}", e.getMessage());
            }
            failing = true;
        }
        batched = 0;
    }

    /** Writes what waits, for a second at most, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LAST_LINES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
