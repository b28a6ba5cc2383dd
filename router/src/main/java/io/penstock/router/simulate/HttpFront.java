package io.penstock.router.simulate;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the requests of one HTTP/1.1 connection or one HTTP/2 stream into operations, one after the other, and tells
 * the running answer when its client leaves. It never stops reading, because a client that leaves is only seen by
 * reading. Threading: loop-confined. Pipelined requests wait in a bounded queue.
 */
@LoopConfined
final class HttpFront extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(HttpFront.class);

    /** Requests that may wait behind the running one. */
    private static final int MAX_PIPELINED = 64;

    private final Operations operations;
    private final EngineSwitches switches;
    private final EngineCounters counters;
    private final WallClock clock;
    private final ArrayDeque<FullHttpRequest> pipelined = new ArrayDeque<>();
    private @Nullable Reply current;
    private @Nullable FullHttpRequest delayed;
    private boolean draining;

    HttpFront(Operations operations, EngineSwitches switches, EngineCounters counters, WallClock clock) {
        this.operations = operations;
        this.switches = switches;
        this.counters = counters;
        this.clock = clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof FullHttpRequest request)) {
            ReferenceCountUtil.release(message);
        } else if (pipelined.size() == MAX_PIPELINED) {
            request.release();
            ctx.close();
        } else {
            pipelined.add(request);
            drain(ctx);
        }
    }

    private void drain(ChannelHandlerContext ctx) {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (current == null && ctx.channel().isActive() && !pipelined.isEmpty()) {
                begin(ctx, pipelined.remove());
            }
        } finally {
            draining = false;
        }
    }

    private void begin(ChannelHandlerContext ctx, FullHttpRequest request) {
        counters.received.increment();
        record(request);
        Fault fault;
        try {
            fault = faultOf(request);
        } catch (IllegalArgumentException e) {
            Reply reply = reply(ctx, request, Fault.NONE);
            request.release();
            reply.error(EngineError.badRequest(Fault.HEADER + ": " + e.getMessage(), Fault.HEADER));
            return;
        }
        Reply reply = reply(ctx, request, fault);
        delayed = request;
        if (fault.delay().isZero()) {
            answerDelayed(fault, reply);
        } else {
            ctx.executor()
                    .schedule(() -> answerDelayed(fault, reply), fault.delay().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void answerDelayed(Fault fault, Reply reply) {
        FullHttpRequest request = delayed;
        delayed = null;
        if (request != null) {
            answer(request, fault, reply);
        }
    }

    private Reply reply(ChannelHandlerContext ctx, FullHttpRequest request, Fault fault) {
        Reply reply = new Reply(ctx, keepsAlive(request), fault, clock.date(), () -> {
            current = null;
            drain(ctx);
        });
        current = reply;
        return reply;
    }

    private void answer(FullHttpRequest request, Fault fault, Reply reply) {
        try {
            if (!isValid(request)) {
                byte[] body = "Invalid HTTP request received.".getBytes(StandardCharsets.US_ASCII);
                reply.whole(400, "text/plain; charset=utf-8", body);
            } else if (!breaksBeforeHead(fault, reply)) {
                operations.answer(EngineRequest.of(request, fault), reply);
            }
        } finally {
            request.release();
        }
    }

    private boolean breaksBeforeHead(Fault fault, Reply reply) {
        if (fault.noHealth()) {
            switches.healthy(false);
        }
        if (fault.breakage() == Fault.Breakage.RESET_BEFORE_HEAD) {
            reply.reset(Http2Error.INTERNAL_ERROR);
        } else if (fault.breakage() == Fault.Breakage.REFUSE_STREAM) {
            reply.reset(Http2Error.REFUSED_STREAM);
        } else if (fault.status() != 0) {
            String[] extra =
                    fault.retryAfter() == null ? new String[0] : new String[] {"retry-after", fault.retryAfter()};
            reply.error(EngineError.ofStatus(fault.status(), "A fault the request asked for."), extra);
        } else {
            return false;
        }
        return true;
    }

    private Fault faultOf(FullHttpRequest request) {
        String own = request.headers().get(Fault.HEADER);
        if (own != null) {
            return Fault.parse(own);
        }
        return request.method().equals(HttpMethod.POST) && !request.uri().startsWith("/sim/")
                ? switches.takePlanned()
                : Fault.NONE;
    }

    private void record(FullHttpRequest request) {
        if (switches.records()) {
            switches.record(new ReceivedRequest(
                    request.method().name(),
                    request.uri(),
                    request.headers().entries(),
                    request.content().toString(StandardCharsets.ISO_8859_1)));
        }
    }

    private static boolean isValid(FullHttpRequest request) {
        return request.decoderResult().isSuccess()
                && request.protocolVersion().majorVersion() == 1
                && request.uri().startsWith("/");
    }

    private static boolean keepsAlive(FullHttpRequest request) {
        return isValid(request) && HttpUtil.isKeepAlive(request);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null && ctx.channel().isWritable()) {
            current.becameWritable();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent && current == null) {
            ctx.close();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        while (!pipelined.isEmpty()) {
            pipelined.remove().release();
        }
        ReferenceCountUtil.release(delayed);
        delayed = null;
        if (current != null) {
            current.clientLeft();
            current = null;
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        log.debug("connection ended: {}", cause.toString());
        ctx.close();
    }
}
