package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * Tells what a whole event is, by one pass over its bytes: the keys of its JSON are compared, with how deep they stand, and of
 * their values only the first bytes. Nothing is parsed or decoded; the bytes are copied once, as an array is read faster. It knows the streams of {@code /v1/chat/completions} and
 * {@code /v1/completions}, and the typed events of {@code /v1/responses} and {@code /v1/messages}. A wrong guess about a form
 * nobody has seen costs an event that is written at once or an interval later, never its content. Threading: loop-confined; one
 * serves any number of streams.
 */
@LoopConfined
public final class EventClassifier {

    /** The choice of an event that has none. */
    public static final int NO_CHOICE = -1;

    /** What is longer is not looked at: it is no token. */
    static final int LONGEST = 16 << 10;

    /** The choice of an event that has several, and beyond all that are told apart. */
    static final int SEVERAL = 1 << 16;

    private static final int STREAM_DEPTH = 1;
    private static final int CHOICE_DEPTH = 3;
    private static final int DELTA_DEPTH = 4;

    private static final byte[] DATA = ascii("data");
    private static final byte[] EVENT = ascii("event");
    private static final byte[] DONE = ascii("[DONE]");
    private static final byte[] MESSAGE = ascii("message");
    private static final byte[] ERROR = ascii("error");
    private static final byte[] BLOCK_DELTA = ascii("content_block_delta");
    private static final byte[] DOT_DELTA = ascii(".delta");

    private static final byte[] CHOICES = ascii("choices");
    private static final byte[] USAGE = ascii("usage");
    private static final byte[] TYPE = ascii("type");
    private static final byte[] INDEX = ascii("index");
    private static final byte[] FINISH_REASON = ascii("finish_reason");
    private static final byte[] TEXT = ascii("text");
    private static final byte[] CONTENT = ascii("content");
    private static final byte[] REASONING = ascii("reasoning");
    private static final byte[] REASONING_CONTENT = ascii("reasoning_content");
    private static final byte[] REFUSAL = ascii("refusal");
    private static final byte[] ID = ascii("id");
    private static final byte[] NAME = ascii("name");
    private static final byte[] ARGUMENTS = ascii("arguments");

    private byte[] event = new byte[512];
    private int end;
    private int depth;
    private int choice;
    private boolean comment;
    private boolean hasData;
    private boolean done;
    private boolean error;
    private boolean finish;
    private boolean usage;
    private boolean choices;
    private boolean toolCall;
    private boolean content;
    private boolean typed;
    private boolean delta;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Classifies the event that {@code bytes} have from {@code from} to {@code to}. */
    public EventClass classify(ByteBuf bytes, int from, int to) {
        forget();
        int length = to - from;
        if (length > LONGEST) {
            return EventClass.LARGE;
        }
        if (length > event.length) {
            event = new byte[Math.min(LONGEST, 2 * length)];
        }
        bytes.getBytes(from, event, 0, length);
        end = length;
        for (int at = 0; at < end; ) {
            at = line(at) + 1;
        }
        return judge();
    }

    private void forget() {
        depth = 0;
        choice = NO_CHOICE;
        comment = hasData = done = error = finish = usage = choices = toolCall = content = typed = delta = false;
    }

    /** Which choice the event just classified belongs to: {@link #NO_CHOICE} or {@link #SEVERAL} if it is not one. */
    public int choice() {
        return choice;
    }

    private EventClass judge() {
        if (comment) {
            return EventClass.COMMENT;
        }
        if (done) {
            return EventClass.DONE;
        }
        if (error) {
            return EventClass.ERROR;
        }
        if (finish) {
            return EventClass.FINISH;
        }
        if (usage && choice == NO_CHOICE) {
            return EventClass.USAGE;
        }
        return toolCall ? EventClass.TOOL_CALL_START : judgeContent();
    }

    private EventClass judgeContent() {
        if (choices) {
            return content ? EventClass.CONTENT : EventClass.EMPTY;
        }
        if (typed) {
            return delta ? EventClass.CONTENT : EventClass.STRUCTURE;
        }
        return hasData ? EventClass.CONTENT : EventClass.EMPTY;
    }

    /** Reads one line, and returns where it ends. */
    private int line(int from) {
        byte first = event[from];
        if (first == ':') {
            comment = true;
        } else if (isField(from, DATA)) {
            return data(valueAt(from + DATA.length + 1));
        } else if (isField(from, EVENT)) {
            int name = valueAt(from + EVENT.length + 1);
            int nameEnd = lineEnd(name);
            type(name, nameEnd);
            return nameEnd;
        } else if ((first & 0xff) == 0xef && from + 3 < end) {
            return line(from + 3);
        }
        return lineEnd(from);
    }

    private boolean isField(int from, byte[] name) {
        int colon = from + name.length;
        return colon < end && event[colon] == ':' && is(from, colon, name);
    }

    private int valueAt(int at) {
        return at < end && event[at] == ' ' ? at + 1 : at;
    }

    private int lineEnd(int from) {
        int at = from;
        while (at < end && event[at] != '\n' && event[at] != '\r') {
            at++;
        }
        return at;
    }

    /** The name of an event, or what its data say is its type. */
    private void type(int from, int to) {
        if (is(from, to, MESSAGE)) {
            return;
        }
        typed = true;
        error |= is(from, to, ERROR);
        delta |=
                is(from, to, BLOCK_DELTA) || (to - from > DOT_DELTA.length && is(to - DOT_DELTA.length, to, DOT_DELTA));
    }

    private int data(int from) {
        hasData = true;
        int at = from;
        while (at < end) {
            switch (event[at]) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> at = string(at + 1);
                case '\n', '\r' -> {
                    done |= is(from, at, DONE);
                    return at;
                }
                default -> {}
            }
            at++;
        }
        return at;
    }

    /** Reads a string, and returns where its last quotation mark is, or where the line ends. */
    private int string(int from) {
        int at = from;
        for (byte b; at < end && (b = event[at]) != '"'; at++) {
            if (b == '\\') {
                at++;
            } else if (b == '\n' || b == '\r') {
                return at - 1;
            }
        }
        int after = skipBlanks(at + 1);
        if (after < end && event[after] == ':') {
            key(from, at, skipBlanks(after + 1));
        }
        return at;
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < end && event[at] == ' ') {
            at++;
        }
        return at;
    }

    private void key(int from, int to, int value) {
        if (value + 1 >= end) {
            return;
        }
        if (depth == STREAM_DEPTH) {
            keyOfStream(from, to, value);
        } else if (depth == CHOICE_DEPTH && is(from, to, INDEX)) {
            choice = choice == NO_CHOICE ? number(value) : SEVERAL;
        } else if (depth > DELTA_DEPTH) {
            keyOfCall(from, to, value);
        }
        if (depth <= CHOICE_DEPTH && is(from, to, FINISH_REASON)) {
            finish |= event[value] == '{' || isFilled(value);
        } else if ((depth == CHOICE_DEPTH || depth == DELTA_DEPTH) && isText(from, to)) {
            content |= isFilled(value);
        }
    }

    private void keyOfStream(int from, int to, int value) {
        byte first = event[value];
        if (is(from, to, CHOICES)) {
            choices = true;
        } else if (is(from, to, ERROR)) {
            error |= first != 'n';
        } else if (is(from, to, USAGE)) {
            usage |= first == '{';
        } else if (is(from, to, TYPE) && first == '"') {
            int textEnd = value + 1;
            while (textEnd < end && event[textEnd] != '"') {
                textEnd++;
            }
            type(value + 1, textEnd);
        }
    }

    private void keyOfCall(int from, int to, int value) {
        if (is(from, to, ARGUMENTS)) {
            content |= isFilled(value);
        } else if (is(from, to, NAME) || is(from, to, ID)) {
            toolCall |= isFilled(value);
        }
    }

    private boolean isText(int from, int to) {
        return is(from, to, CONTENT)
                || is(from, to, TEXT)
                || is(from, to, REASONING)
                || is(from, to, REASONING_CONTENT)
                || is(from, to, REFUSAL);
    }

    private boolean isFilled(int value) {
        return event[value] == '"' && event[value + 1] != '"';
    }

    private int number(int from) {
        int number = 0;
        for (int at = from; at < end && number < SEVERAL; at++) {
            int digit = event[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private boolean is(int from, int to, byte[] text) {
        if (to - from != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (event[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
