package io.penstock.proxy.front;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.penstock.proxy.runtime.LoopConfined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of request heads as they stood on the wire, seen beside the decoder, which reads some of them more kindly than other
 * parsers do: it joins folded lines, takes a tab or several blanks for the one blank between the words of a request line, drops a
 * blank before it, and reads {@code http/1.1} as {@code HTTP/1.1}. Here such a request is marked as one that could not be decoded
 * (RFC 9112, sections 3 and 5.2). Threading: loop-confined.
 */
@LoopConfined
final class HeadLines {

    private enum Place {
        BEFORE_HEAD,
        REQUEST_LINE,
        LINE_START,
        LINE,
        BODY
    }

    private Place place = Place.BEFORE_HEAD;
    private int blanks;
    private @Nullable String problem;

    /**
     * The decoder took the bytes from {@code start} to the reader index, and these objects came of it.
     *
     * @param from the first of the objects
     */
    void decoded(ByteBuf in, int start, List<Object> objects, int from) {
        if (place != Place.BODY) {
            look(in, start);
        }
        for (int i = from; i < objects.size(); i++) {
            Object object = objects.get(i);
            if (object instanceof HttpRequest request) {
                judge(request);
            }
            if (object instanceof LastHttpContent) {
                place = Place.BEFORE_HEAD;
            }
        }
    }

    private void look(ByteBuf in, int start) {
        int end = in.readerIndex();
        for (int i = start; i < end; i++) {
            if (place == Place.LINE) {
                int lineEnd = in.indexOf(i, end, (byte) '\n');
                i = lineEnd < 0 ? end : lineEnd;
                place = lineEnd < 0 ? Place.LINE : Place.LINE_START;
            } else {
                place = next(in.getByte(i));
            }
        }
    }

    private Place next(byte b) {
        if (place == Place.LINE_START) {
            if (isBlank(b)) {
                problem = "a header field is folded, or begins with a blank";
            }
            return b == '\n' ? Place.LINE_START : Place.LINE;
        }
        if (place == Place.BEFORE_HEAD && (b == '\r' || b == '\n')) {
            return Place.BEFORE_HEAD;
        }
        return inRequestLine(b);
    }

    private Place inRequestLine(byte b) {
        if (b == '\n') {
            if (blanks != 2) {
                problem = "the request line is not three words with one blank between them";
            }
            return Place.LINE_START;
        }
        if (b == ' ') {
            blanks++;
        } else if ((b < ' ' && b != '\r') || (blanks == 2 && b >= 'a')) {
            problem = "the request line is not a method, a target and a version";
        }
        return Place.REQUEST_LINE;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private void judge(HttpRequest request) {
        if (problem != null && request.decoderResult().isSuccess()) {
            request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(problem)));
        }
        place = Place.BODY;
        blanks = 0;
        problem = null;
    }
}
