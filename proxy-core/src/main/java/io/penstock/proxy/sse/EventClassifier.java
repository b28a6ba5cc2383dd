package io.penstock.proxy.sse;

import io.netty.buffer.ByteBuf;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;

/**
 * Tells what a whole event is, by one pass over its bytes: the keys of its JSON are compared, with how deep they stand, and of
 * their values only the first bytes. Nothing is parsed, decoded or made. It knows the streams of {@code /v1/chat/completions} and
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

    private static final int MAX_CHOICE = 1 << 16;

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
        forget(to);
        if (to - from > LONGEST) {
            return EventClass.LARGE;
        }
        for (int at = from; at < to; ) {
            at = line(bytes, at) + 1;
        }
        return judge();
    }

    private void forget(int to) {
        end = to;
        depth = 0;
        choice = NO_CHOICE;
        comment = hasData = done = error = finish = usage = choices = toolCall = content = typed = delta = false;
    }

    /** Which choice the event just classified belongs to, the last if it has several, or {@link #NO_CHOICE}. */
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
    private int line(ByteBuf bytes, int from) {
        byte first = bytes.getByte(from);
        if (first == ':') {
            comment = true;
        } else if (isField(bytes, from, DATA)) {
            return data(bytes, valueAt(bytes, from + DATA.length + 1));
        } else if (isField(bytes, from, EVENT)) {
            int name = valueAt(bytes, from + EVENT.length + 1);
            int nameEnd = lineEnd(bytes, name);
            type(bytes, name, nameEnd);
            return nameEnd;
        } else if ((first & 0xff) == 0xef && from + 3 < end) {
            return line(bytes, from + 3);
        }
        return lineEnd(bytes, from);
    }

    private boolean isField(ByteBuf bytes, int from, byte[] name) {
        int colon = from + name.length;
        return colon < end && bytes.getByte(colon) == ':' && is(bytes, from, colon, name);
    }

    private int valueAt(ByteBuf bytes, int at) {
        return at < end && bytes.getByte(at) == ' ' ? at + 1 : at;
    }

    private int lineEnd(ByteBuf bytes, int from) {
        int at = from;
        while (at < end && bytes.getByte(at) != '\n' && bytes.getByte(at) != '\r') {
            at++;
        }
        return at;
    }

    /** The name of an event, or what its data say is its type. */
    private void type(ByteBuf bytes, int from, int to) {
        if (is(bytes, from, to, MESSAGE)) {
            return;
        }
        typed = true;
        error |= is(bytes, from, to, ERROR);
        delta |= is(bytes, from, to, BLOCK_DELTA)
                || (to - from > DOT_DELTA.length && is(bytes, to - DOT_DELTA.length, to, DOT_DELTA));
    }

    private int data(ByteBuf bytes, int from) {
        hasData = true;
        int at = from;
        while (at < end) {
            switch (bytes.getByte(at)) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> at = string(bytes, at + 1);
                case '\n', '\r' -> {
                    done |= is(bytes, from, at, DONE);
                    return at;
                }
                default -> {}
            }
            at++;
        }
        return at;
    }

    /** Reads a string, and returns where its last quotation mark is, or where the line ends. */
    private int string(ByteBuf bytes, int from) {
        int at = from;
        for (byte b; at < end && (b = bytes.getByte(at)) != '"'; at++) {
            if (b == '\\') {
                at++;
            } else if (b == '\n' || b == '\r') {
                return at - 1;
            }
        }
        int after = skipBlanks(bytes, at + 1);
        if (after < end && bytes.getByte(after) == ':') {
            key(bytes, from, at, skipBlanks(bytes, after + 1));
        }
        return at;
    }

    private int skipBlanks(ByteBuf bytes, int from) {
        int at = from;
        while (at < end && bytes.getByte(at) == ' ') {
            at++;
        }
        return at;
    }

    private void key(ByteBuf bytes, int from, int to, int value) {
        if (value + 1 >= end) {
            return;
        }
        if (depth == STREAM_DEPTH) {
            keyOfStream(bytes, from, to, value);
        } else if (depth == CHOICE_DEPTH && is(bytes, from, to, INDEX)) {
            choice = Math.max(choice, number(bytes, value));
        } else if (depth > DELTA_DEPTH) {
            keyOfCall(bytes, from, to, value);
        }
        if (depth <= CHOICE_DEPTH && is(bytes, from, to, FINISH_REASON)) {
            finish |= bytes.getByte(value) != 'n';
        } else if ((depth == CHOICE_DEPTH || depth == DELTA_DEPTH) && isText(bytes, from, to)) {
            content |= isFilled(bytes, value);
        }
    }

    private void keyOfStream(ByteBuf bytes, int from, int to, int value) {
        byte first = bytes.getByte(value);
        if (is(bytes, from, to, CHOICES)) {
            choices = true;
        } else if (is(bytes, from, to, ERROR)) {
            error |= first != 'n';
        } else if (is(bytes, from, to, USAGE)) {
            usage |= first == '{';
        } else if (is(bytes, from, to, TYPE) && first == '"') {
            int text = value + 1;
            int textEnd = bytes.indexOf(text, end, (byte) '"');
            type(bytes, text, textEnd < 0 ? end : textEnd);
        }
    }

    private void keyOfCall(ByteBuf bytes, int from, int to, int value) {
        if (is(bytes, from, to, ARGUMENTS)) {
            content |= isFilled(bytes, value);
        } else if (is(bytes, from, to, NAME) || is(bytes, from, to, ID)) {
            toolCall |= isFilled(bytes, value);
        }
    }

    private boolean isText(ByteBuf bytes, int from, int to) {
        return is(bytes, from, to, CONTENT)
                || is(bytes, from, to, TEXT)
                || is(bytes, from, to, REASONING)
                || is(bytes, from, to, REASONING_CONTENT)
                || is(bytes, from, to, REFUSAL);
    }

    private boolean isFilled(ByteBuf bytes, int value) {
        return bytes.getByte(value) == '"' && bytes.getByte(value + 1) != '"';
    }

    private int number(ByteBuf bytes, int from) {
        int number = 0;
        for (int at = from; at < end && number < MAX_CHOICE; at++) {
            int digit = bytes.getByte(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static boolean is(ByteBuf bytes, int from, int to, byte[] text) {
        if (to - from != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes.getByte(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }
}
