package io.penstock.router.fleet;

import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.penstock.proxy.runtime.Ticker;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane on a daemon thread of its own: an event loop of Netty without sockets, as its queue has no lock. The
 * loops of the data plane hand events over, and must not wait for one another, nor for this thread. Threading: any thread.
 */
final class ControlThread implements ControlPlane {

    private static final Logger log = LoggerFactory.getLogger(ControlThread.class);

    private final Ticker ticker;
    private final SingleThreadIoEventLoop loop;
    private volatile boolean closed;

    ControlThread(Ticker ticker) {
        this.ticker = ticker;
        this.loop = new SingleThreadIoEventLoop(null, ControlThread::thread, LocalIoHandler.newFactory());
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "penstock-control");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable event) {
        handOver(() -> loop.execute(() -> run(event)));
    }

    @Override
    public void schedule(Duration delay, Runnable event) {
        handOver(() -> loop.schedule(() -> run(event), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    private static void handOver(Runnable handing) {
        try {
            handing.run();
        } catch (RejectedExecutionException afterTheEnd) {
            log.debug("a control event came after the end and is dropped");
        }
    }

    /** An executor would swallow what an event throws; a defect here must be seen, and must not stop the next event. */
    private void run(Runnable event) {
        if (closed) {
            return;
        }
        try {
            event.run();
        } catch (RuntimeException | AssertionError defect) {
            log.error("a control event failed; the fleet stays as it was", defect);
        }
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public void close() {
        closed = true;
        var unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }
}
