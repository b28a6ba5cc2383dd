package io.penstock.router.tracing;

import io.netty.util.internal.PlatformDependent;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ended spans on their way to the collector. They wait in a bounded queue that takes no lock, and a thread exports them in batches;
 * what finds the queue full is lost and counted. Nobody who ends a span ever waits.
 *
 * <p>Threading: spans end on event loops; exports are made on the thread.
 */
final class SpanQueue implements SpanProcessor {

    /** Some 6 MB at worst, and four seconds of 500 requests a second. */
    static final int MAX_QUEUED = 4096;

    private static final Logger log = LoggerFactory.getLogger(SpanQueue.class);
    private static final int MAX_BATCH = 512;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LAST_SPANS_MILLIS = 2_000;

    private final Queue<ReadableSpan> queue = PlatformDependent.newFixedMpscQueue(MAX_QUEUED);
    private final SpanExport export;
    private final SpanCounts counts;
    private final Thread thread;
    private volatile boolean closed;

    /** Sends spans to the collector. */
    interface SpanExport {

        /** Exports a batch, waiting for it; false if it is lost. */
        boolean export(List<SpanData> batch);

        /** Ends what the export needs. */
        void close();
    }

    SpanQueue(SpanExport export, SpanCounts counts) {
        this.export = export;
        this.counts = counts;
        this.thread = new Thread(this::run, "penstock-tracing");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isEndRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (span.getSpanContext().isSampled() && !queue.offer(span)) {
            counts.foundQueueFull();
        }
    }

    private void run() {
        while (!closed) {
            exportSafely();
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        exportSafely();
    }

    private void exportSafely() {
        try {
            exportQueued();
        } catch (RuntimeException | Error defect) {
            log.error("spans could not be exported", defect);
        }
    }

    /** Exports all that waits. */
    void exportQueued() {
        List<SpanData> batch = next();
        while (!batch.isEmpty()) {
            if (export.export(batch)) {
                counts.exported(batch.size());
            } else {
                counts.notExported(batch.size());
            }
            batch = next();
        }
    }

    private List<SpanData> next() {
        List<SpanData> batch = new ArrayList<>();
        ReadableSpan span = queue.poll();
        while (span != null) {
            batch.add(span.toSpanData());
            span = batch.size() < MAX_BATCH ? queue.poll() : null;
        }
        return batch;
    }

    /** Exports what waits, for two seconds at most, and ends the thread. */
    @Override
    public CompletableResultCode shutdown() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LAST_SPANS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        export.close();
        return CompletableResultCode.ofSuccess();
    }
}
