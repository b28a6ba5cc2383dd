package io.penstock.proxy.upstream;

import io.netty.util.concurrent.Future;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.LoopConfined;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits in line for a connection, and the sender's handle on it for its whole life: once it was sent, the
 * handle passes everything on. Threading: loop-confined.
 */
@LoopConfined
final class PendingRequest implements UpstreamStream {

    private final EnginePool pool;
    private final UpstreamRequest request;
    private final ResponseSink sink;
    private final long sinceNanos;

    private @Nullable UpstreamStream sent;
    private @Nullable Future<?> timer;
    private boolean over;
    private boolean paused;

    PendingRequest(EnginePool pool, UpstreamRequest request, ResponseSink sink, long sinceNanos) {
        this.pool = pool;
        this.request = request;
        this.sink = sink;
        this.sinceNanos = sinceNanos;
    }

    /** Fails it unless it is sent within this time, whatever becomes of the connects under way. */
    void waitAtMost(Duration limit) {
        if (!over && sent == null) {
            timer = pool.loop().schedule(this::tooLate, limit.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void tooLate() {
        pool.left(this);
        fail(ProxyFailure.of(FailureKind.CONNECT_TIMEOUT, "the engine accepted no connection in time"));
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    void sendOn(UpstreamConnection connection, long nowNanos) {
        stopTimer();
        sink.onSent(nowNanos - sinceNanos);
        UpstreamStream stream = connection.send(request, sink);
        sent = stream;
        if (over) {
            stream.cancel();
        } else if (paused) {
            stream.pauseReads();
        }
    }

    void fail(ProxyFailure failure) {
        if (!over) {
            over = true;
            stopTimer();
            request.body().release();
            sink.onFailure(failure);
        }
    }

    @Override
    public void cancel() {
        if (over) {
            return;
        }
        over = true;
        stopTimer();
        if (sent != null) {
            sent.cancel();
        } else {
            pool.left(this);
            request.body().release();
        }
    }

    @Override
    public void pauseReads() {
        paused = true;
        if (sent != null) {
            sent.pauseReads();
        }
    }

    @Override
    public void resumeReads() {
        paused = false;
        if (sent != null) {
            sent.resumeReads();
        }
    }
}
