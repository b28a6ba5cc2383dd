package io.penstock.proxy.front;

import io.netty.channel.Channel;
import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import io.penstock.proxy.exchange.Exchange;
import io.penstock.proxy.exchange.ExchangeContext;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.LoopConfined;
import org.jspecify.annotations.Nullable;

/** Whether the client of one HTTP/1.1 connection keeps the pace, with its requests and in reading. Threading: loop-confined. */
@LoopConfined
final class Http1Pace {

    private final Http1FrontHandler front;
    private final Channel channel;
    private final ExchangeContext context;
    private final HeadPace head;
    private final WriteProgress writes;
    private final PaceWatch watch;

    private @Nullable RequestDecoder decoder;

    Http1Pace(Http1FrontHandler front, Channel channel, ExchangeContext context) {
        ClientLimits limits = context.options().limits();
        this.front = front;
        this.channel = channel;
        this.context = context;
        this.head = new HeadPace(limits.headerTimeout());
        this.writes = new WriteProgress(channel, limits.writeTimeout());
        this.watch = new PaceWatch(channel, limits, context.ticker(), this::look);
    }

    /** Called when the channel is set up; the decoder stands before the front handler. */
    void watches(@Nullable RequestDecoder requests) {
        decoder = requests;
    }

    /** Everything that was read at once is decoded; true if the last of it is an incomplete head. */
    boolean awaitsHead() {
        RequestDecoder requests = decoder;
        if (requests == null || !requests.isWithinHead()) {
            head.none();
            return false;
        }
        head.incomplete(requests.heads(), context.ticker().nanos());
        watch.begin();
        return true;
    }

    /** A request with a body has begun. */
    void bodyAwaited() {
        watch.begin();
    }

    /** Something was flushed. */
    void flushed() {
        if (writes.isPending()) {
            watch.begin();
        }
    }

    private boolean look(long nowNanos) {
        Exchange exchange = front.exchange();
        if (writes.isStalled(nowNanos)) {
            context.observer().clientLimited(ClientLimit.WRITE_TIMEOUT);
            if (exchange != null) {
                exchange.onClientLost(FailureKind.CLIENT_STALLED);
            }
            writes.giveUp();
            return false;
        }
        lookAtHead(nowNanos);
        boolean body = exchange != null && exchange.awaitsBody(nowNanos);
        return body || head.isAwaited() || writes.isPending();
    }

    private void lookAtHead(long nowNanos) {
        if (!channel.config().isAutoRead()) {
            head.restart(nowNanos);
        } else if (head.isLate(nowNanos)) {
            head.none();
            context.observer().clientLimited(ClientLimit.HEADER_TIMEOUT);
            channel.pipeline().fireExceptionCaught(new SlowHeadException(head.limitMillis()));
        }
    }

    /** The connection is closed. */
    void over() {
        watch.over();
    }
}
