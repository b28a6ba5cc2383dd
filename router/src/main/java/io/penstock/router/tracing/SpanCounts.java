package io.penstock.router.tracing;

import java.util.concurrent.atomic.LongAdder;

/** What became of the spans. Threading: counter. */
public final class SpanCounts {

    private final LongAdder exported = new LongAdder();
    private final LongAdder foundQueueFull = new LongAdder();
    private final LongAdder notExported = new LongAdder();

    /** Nothing yet. */
    public SpanCounts() {}

    void exported(int spans) {
        exported.add(spans);
    }

    void foundQueueFull() {
        foundQueueFull.increment();
    }

    void notExported(int spans) {
        notExported.add(spans);
    }

    /** Spans the collector took. */
    public long exported() {
        return exported.sum();
    }

    /** Spans that were lost, as too many waited. */
    public long lostInQueue() {
        return foundQueueFull.sum();
    }

    /** Spans that were lost, as the collector did not take them. */
    public long lostInExport() {
        return notExported.sum();
    }
}
