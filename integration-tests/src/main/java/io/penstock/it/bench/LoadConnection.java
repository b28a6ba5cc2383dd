package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.runtime.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: a request, its answer, the next request, until the run stops. Threading: loop-confined. The
 * first thing wrong ends the run.
 */
@LoopConfined
final class LoadConnection extends ChannelInboundHandlerAdapter implements ResponseReader.Sink {

    /** Connection numbers stand in the upper half of request ids, so that no two connections share one. */
    private static final int NUMBER_SHIFT = 32;

    private final LoadRun run;
    private final int number;
    private final Ticker ticker;
    private final ResponseReader reader = new ResponseReader(this);
    private final Check check;
    private final SplittableRandom jitter;
    private @Nullable ChannelHandlerContext context;
    private long sequence;
    private long sentNanos;
    private long readNanos;
    private boolean answerDue;

    LoadConnection(LoadRun run, int number, Ticker ticker) {
        this.run = run;
        this.number = number;
        this.ticker = ticker;
        this.check = run.comparesBytes() ? new AnswerCheck(this::stamped) : new SaidCheck();
        this.jitter = new SplittableRandom(number);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        next();
    }

    private void next() {
        if (context == null) {
            return;
        }
        if (run.stopping()) {
            context.close();
        } else {
            send(context);
        }
    }

    private void send(ChannelHandlerContext ctx) {
        String id = HexFormat.of().toHexDigits(((long) number << NUMBER_SHIFT) | sequence);
        PreparedRequest request = run.request(number + sequence);
        sequence++;
        check.begin(request.expected(), id.getBytes(StandardCharsets.US_ASCII));
        answerDue = true;
        sentNanos = ticker.nanos();
        ctx.write(ByteBufUtil.writeAscii(ctx.alloc(), request.head(id, number)));
        ctx.writeAndFlush(request.body().retainedDuplicate());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        readNanos = ticker.nanos();
        run.tally().read();
        try {
            reader.read(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void body(ByteBuf bytes, int length) {
        if (!answerDue) {
            throw new BenchmarkException("an answer comes without a request");
        }
        check.accept(bytes, length);
    }

    private void stamped(long madeNanos) {
        run.tally().chunk(readNanos - madeNanos);
    }

    @Override
    public void end() {
        check.end();
        answerDue = false;
        run.countTokensUnlessStamped();
        run.tally().answer(readNanos - sentNanos);
        long pause = run.pauseNanos();
        if (pause == 0 || run.stopping()) {
            next();
        } else if (context != null) {
            context.executor().schedule(this::next, jittered(pause), TimeUnit.NANOSECONDS);
        }
    }

    /** Half to one and a half of {@code nanos}, lest requests fall into step with the engines' ticks. */
    private long jittered(long nanos) {
        return nanos / 2 + jitter.nextLong(nanos);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        context = null;
        if (answerDue || !run.stopping()) {
            run.failed(new BenchmarkException("a connection was closed by the other side"));
        }
        run.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        run.failed(cause);
        ctx.close();
    }
}
