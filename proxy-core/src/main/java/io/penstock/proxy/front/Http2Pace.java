package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.runtime.LoopConfined;

/**
 * Whether the client of one HTTP/2 connection keeps the pace: with its header sections, in reading the connection, and with each of
 * its streams. Threading: loop-confined.
 */
@LoopConfined
final class Http2Pace {

    private final Http2FrontHandler front;
    private final Http2Requests requests;
    private final ExchangeContext context;
    private final HeadTracker tracker = new HeadTracker();
    private final HeadPace head;
    private final WriteProgress writes;
    private final PaceWatch watch;

    Http2Pace(Http2FrontHandler front, Http2Requests requests, Channel channel, ExchangeContext context) {
        ClientLimits limits = context.options().limits();
        this.front = front;
        this.requests = requests;
        this.context = context;
        this.head = new HeadPace(limits.headerTimeout());
        this.writes = new WriteProgress(channel, limits.writeTimeout());
        this.watch = new PaceWatch(channel, limits, context.ticker(), this::look);
    }

    /** Where the bytes of the client are shown before they are decoded. */
    HeadTracker tracker() {
        return tracker;
    }

    /** Everything that was read at once is decoded. */
    void readComplete() {
        if (tracker.isWithinHead()) {
            head.incomplete(tracker.heads(), context.ticker().nanos());
            watch.begin();
        } else {
            head.none();
        }
        flushed();
    }

    /** Something was flushed. */
    void flushed() {
        if (writes.isPending()) {
            watch.begin();
        }
    }

    /** A stream awaits the rest of its request, or room for its answer. */
    void streamAwaits() {
        watch.begin();
    }

    private boolean look(long nowNanos) {
        if (writes.isStalled(nowNanos)) {
            context.observer().clientLimited(ClientLimit.WRITE_TIMEOUT);
            requests.clientStalled();
            writes.giveUp();
            return false;
        }
        if (head.isLate(nowNanos)) {
            context.observer().clientLimited(ClientLimit.HEADER_TIMEOUT);
            front.headIsLate();
            return writes.isPending();
        }
        boolean streams = requests.look(nowNanos);
        return streams || head.isAwaited() || writes.isPending();
    }

    /** The connection is closed. */
    void over() {
        watch.over();
    }
}
