package io.penstock.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.penstock.proxy.api.RetryTerms;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.failure.ReplaySafety;
import io.penstock.proxy.http.ChunkedCoding;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An engine's answer while it is not known whether the client shall have it: an error status is held to its end, an event
 * stream until its first bytes show that it is no error. It owns what it holds. Threading: loop-confined.
 */
@LoopConfined
final class HeldAnswer {

    /** Errors are short; what grows longer goes to the client. */
    private static final int LONGEST_ERROR = 64 << 10;

    private static final int COMPONENTS = 64;

    private final HttpResponse head;
    private final boolean errorStatus;
    private final boolean untilItsEnd;

    private @Nullable CompositeByteBuf body;
    private @Nullable ProxyFailure why;
    private HttpHeaders trailers = EmptyHttpHeaders.INSTANCE;
    private boolean errorEvent;

    private HeldAnswer(HttpResponse head, boolean errorStatus, boolean untilItsEnd) {
        this.head = head;
        this.errorStatus = errorStatus;
        this.untilItsEnd = untilItsEnd;
    }

    /**
     * Holds an answer that may be replaced; null if it goes to the client at once.
     *
     * @param inStream the client has the head of an event stream: any other answer can only become an event in it, as a whole
     */
    static @Nullable HeldAnswer of(HttpResponse head, RetryTerms terms, boolean inStream) {
        if (terms.statuses().contains(head.status().code())) {
            return new HeldAnswer(head, true, true);
        }
        boolean stream = ResponseRelay.isEventStream(head);
        if (inStream && !stream) {
            return new HeldAnswer(head, false, true);
        }
        return stream && terms.firstEvent() ? new HeldAnswer(head, false, false) : null;
    }

    HttpResponse head() {
        return head;
    }

    /** True if whole chunks can go to the client as they came, as nothing is held but the head. */
    boolean isAnsweredBy(ByteBuf framed) {
        return !untilItsEnd && body == null && readFramed(framed) == FirstEvent.Reading.ANSWER;
    }

    private static FirstEvent.Reading readFramed(ByteBuf framed) {
        int start = framed.readerIndex();
        int data = start + ChunkedCoding.lineLengthAt(framed, start);
        return FirstEvent.read(framed, data, ChunkedCoding.endOfChunkAt(framed, start) - 2);
    }

    /** Holds a piece of the body, taken over; true if the answer goes to the client after all. */
    boolean add(ByteBuf piece) {
        CompositeByteBuf held = body;
        if (held == null) {
            held = Unpooled.compositeBuffer(COMPONENTS);
            body = held;
        }
        held.addComponent(true, piece);
        if (held.readableBytes() > LONGEST_ERROR) {
            return true;
        }
        if (untilItsEnd || errorEvent) {
            return false;
        }
        FirstEvent.Reading reading = FirstEvent.read(held, held.readerIndex(), held.writerIndex());
        errorEvent = reading == FirstEvent.Reading.ERROR;
        return reading == FirstEvent.Reading.ANSWER;
    }

    /** The answer is complete; true if another engine may be asked for a better one. */
    boolean end(HttpHeaders trailing) {
        trailers = trailing;
        why = judge();
        return why != null;
    }

    private @Nullable ProxyFailure judge() {
        if (errorStatus) {
            int code = head.status().code();
            FailureKind kind = code == 429 ? FailureKind.ENGINE_BUSY : FailureKind.ENGINE_ERROR;
            return refused(kind, "the engine answered with status " + code);
        }
        boolean enginesOwn =
                errorEvent && body != null && FirstEvent.isTheEngines(body.toString(StandardCharsets.UTF_8));
        return enginesOwn ? refused(FailureKind.ENGINE_ERROR, "the engine's stream began with an error") : null;
    }

    private static ProxyFailure refused(FailureKind kind, String text) {
        return ProxyFailure.of(kind, text, ReplaySafety.REFUSED, null);
    }

    /** Hands over what is held of the body; null if nothing is. */
    @Nullable
    ByteBuf takeBody() {
        ByteBuf taken = body;
        body = null;
        return taken;
    }

    /** Why another engine was asked for a better answer. */
    ProxyFailure why() {
        if (why == null) {
            throw new IllegalStateException("not refused");
        }
        return why;
    }

    /** What the engine's status does not tell; null if it does. */
    @Nullable
    FailureKind hiddenFailure() {
        return errorStatus ? null : why().kind();
    }

    /** Gives the whole answer to the client after all. */
    void passTo(ResponseRelay relay) {
        relay.head(head);
        ByteBuf content = takeBody();
        if (content != null) {
            relay.content(content);
        }
        relay.end(trailers);
    }

    void release() {
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
