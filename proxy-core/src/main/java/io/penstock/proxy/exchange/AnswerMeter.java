package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.EventTimes;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.TokenUsage;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.http.RequestHead;
import io.penstock.proxy.runtime.LoopConfined;
import io.penstock.proxy.sse.AnswerTail;
import io.penstock.proxy.sse.EventEnd;
import io.penstock.proxy.sse.UsageReader;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's answer tells while it passes: when its events come, and, read from its end once it is there, what tokens it took.
 * A piece costs a look at its last bytes and a reference. Answers that are neither an event stream nor JSON, are errors or are
 * compressed tell nothing. Threading: loop-confined.
 */
@LoopConfined
final class AnswerMeter {

    private static final String JSON = "application/json";
    private static final String MESSAGES = "/v1/messages";

    private final RequestHead request;
    private final RoutePlan plan;
    private final ExchangeTally tally;
    private final ChunkedCoding.Receiver counter = this::count;

    private @Nullable AnswerTail tail;
    private @Nullable EventTimes times;
    private @Nullable TokenUsage first;
    private boolean awaitsFirst;
    private int together;

    AnswerMeter(RequestHead request, RoutePlan plan, ExchangeTally tally) {
        this.request = request;
        this.plan = plan;
        this.tally = tally;
    }

    /** The head of the answer that the client is given, as the engine sent it. */
    void head(HttpResponse head) {
        boolean stream = ResponseRelay.isEventStream(head);
        if (stream || ResponseRelay.isReadable(head, JSON)) {
            tail = new AnswerTail();
            awaitsFirst = stream && request.path().equals(MESSAGES);
        }
        if (stream) {
            times = new EventTimes();
            tally.timing(times);
        }
    }

    /** A piece of the body passes. */
    void content(ByteBuf piece, long nowNanos) {
        if (tail != null) {
            tail.add(piece);
            count(piece, piece.readerIndex(), piece.writerIndex());
            arrived(nowNanos);
        }
    }

    /** Whole chunks of the body pass, with their framing. */
    void chunks(ByteBuf framed, long nowNanos) {
        if (tail != null) {
            tail.addChunks(framed);
            if (times != null) {
                ChunkedCoding.forEachData(framed, counter);
            }
            arrived(nowNanos);
        }
    }

    private void count(ByteBuf bytes, int from, int to) {
        together += EventEnd.isEvent(bytes, from, to) ? 1 : 0;
    }

    private void arrived(long nowNanos) {
        if (times != null) {
            times.arrived(together, nowNanos);
            together = 0;
        }
        if (awaitsFirst && tail != null) {
            awaitsFirst = false;
            first = UsageReader.first(tail.bytes());
        }
    }

    /** The answer is over, complete or not. */
    void end() {
        AnswerTail ended = tail;
        if (ended == null) {
            return;
        }
        TokenUsage usage = told(UsageReader.last(ended.bytes()));
        release();
        if (usage != null) {
            tally.used(usage);
            plan.tokensUsed(usage.total());
        } else if (times != null && times.events() > 0) {
            plan.tokensDelivered(times.events());
        }
    }

    /** Anthropic's first event tells of the prompt, and the last but one of the rest. */
    private @Nullable TokenUsage told(@Nullable TokenUsage last) {
        TokenUsage began = first;
        if (began == null || last == null || last.prompt() > 0) {
            return last == null ? began : last;
        }
        return new TokenUsage(began.prompt(), began.cached(), last.completion());
    }

    private void release() {
        if (tail != null) {
            tail.release();
            tail = null;
        }
    }
}
