package io.penstock.router.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who watch the status page. While there is one, an event is made every second, on the worker, and sent to all of them; while
 * there is none, nothing is done at all. At most one event waits for a watcher: who takes none for {@link #PATIENCE} of them is
 * dropped.
 *
 * <p>Threading: confined to the admin port's one event loop; events are made on its worker.
 */
final class Watchers {

    /** How many may watch; a page in a background tab does not. */
    static final int MAX = 16;

    /** How many events in a row a watcher may miss. */
    static final int PATIENCE = 10;

    /** What the kernel may hold for a watcher, so that one who is gone is noticed within minutes and not hours. */
    private static final int SEND_BUFFER = 64 << 10;

    private static final Logger log = LoggerFactory.getLogger(Watchers.class);

    private final IntFunction<byte[]> events;
    private final List<Watcher> watchers = new ArrayList<>();
    private byte @Nullable [] latest;
    private @Nullable Future<?> ticks;
    private boolean making;

    /** Sends what {@code events} makes for so many watchers; it is called on the worker, one call at a time. */
    Watchers(IntFunction<byte[]> events) {
        this.events = events;
    }

    /** How many watch. */
    int count() {
        return watchers.size();
    }

    /** True if nobody else may watch. */
    boolean full() {
        return watchers.size() >= MAX;
    }

    /**
     * Sends events to this connection, whose response head was written, until it is closed.
     *
     * @param loop the connection's loop, which is the same for all
     * @param worker where events are made
     */
    void add(Channel channel, EventExecutor loop, Executor worker) {
        channel.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER);
        Watcher watcher = new Watcher(channel);
        watchers.add(watcher);
        channel.closeFuture().addListener((ChannelFuture closed) -> remove(watcher));
        if (latest != null) {
            watcher.send(latest);
        }
        if (ticks == null) {
            ticks = loop.scheduleAtFixedRate(() -> tick(loop, worker), 0, 1, TimeUnit.SECONDS);
        }
    }

    private void remove(Watcher watcher) {
        watchers.remove(watcher);
        if (watchers.isEmpty() && ticks != null) {
            ticks.cancel(false);
            ticks = null;
            latest = null;
        }
    }

    private void tick(EventExecutor loop, Executor worker) {
        if (making) {
            return;
        }
        int count = watchers.size();
        making = true;
        try {
            worker.execute(() -> {
                byte[] event = make(count);
                loop.execute(() -> made(event));
            });
        } catch (RejectedExecutionException e) {
            making = false; // the worker has too much to do, or the router is closing: the next tick may find it
            // otherwise
        }
    }

    private byte @Nullable [] make(int count) {
        try {
            return events.apply(count);
        } catch (RuntimeException e) {
            log.error("the status page could not be told how the router is", e);
            return null;
        }
    }

    private void made(byte @Nullable [] event) {
        making = false;
        if (event != null && !watchers.isEmpty()) {
            latest = event;
            List.copyOf(watchers).forEach(watcher -> watcher.send(event));
        }
    }

    /** One connection. Threading: confined to its event loop. */
    private static final class Watcher {

        private final Channel channel;
        private @Nullable ChannelFuture last;
        private int missed;

        Watcher(Channel channel) {
            this.channel = channel;
        }

        void send(byte[] event) {
            if (last == null || last.isDone()) {
                missed = 0;
                last = channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event)))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            } else if (++missed >= PATIENCE) {
                channel.close();
            }
        }
    }
}
