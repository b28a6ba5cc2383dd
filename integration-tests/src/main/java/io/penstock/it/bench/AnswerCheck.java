package io.penstock.it.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.penstock.proxy.runtime.LoopConfined;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Compares the answers of one connection with what they must be, byte by byte as they come. Threading: loop-confined.
 * A wrong byte, a byte too many and an id that changes within an answer are told by an exception.
 */
@LoopConfined
final class AnswerCheck implements Check {

    private static final int CREATED_DIGITS = 10;
    private static final int STAMP_DIGITS = 18;
    private static final int LONGEST_ID = 200;

    private final LongConsumer stamps;
    private final byte[] id = new byte[LONGEST_ID];
    private ExpectedAnswer expected = ExpectedAnswer.of(new byte[0]);
    private byte[] requestId = new byte[0];
    private int position;
    private int gap;
    private int inGap;
    private int idLength;
    private boolean idKnown;
    private long number;

    /** Tells {@code stamps} when each event was made, at the moment its stamp is complete. */
    AnswerCheck(LongConsumer stamps) {
        this.stamps = stamps;
    }

    @Override
    public void begin(ExpectedAnswer answer, byte[] idOfRequest) {
        expected = answer;
        requestId = idOfRequest;
        position = 0;
        gap = 0;
        inGap = 0;
        idKnown = false;
        idLength = 0;
    }

    @Override
    public void accept(ByteBuf bytes, int length) {
        int end = bytes.readerIndex() + length;
        while (bytes.readerIndex() < end) {
            if (expected.hasGap(gap) && position == expected.position(gap)) {
                fill(bytes);
            } else {
                compare(bytes, end - bytes.readerIndex());
            }
        }
    }

    private void compare(ByteBuf bytes, int available) {
        int length = Math.min(available, expected.position(gap) - position);
        if (length == 0) {
            throw wrong("goes on behind its end", bytes, available);
        }
        if (!ByteBufUtil.equals(expected.text(), position, bytes, bytes.readerIndex(), length)) {
            throw wrong("has a wrong byte", bytes, available);
        }
        bytes.skipBytes(length);
        position += length;
    }

    private void fill(ByteBuf bytes) {
        byte octet = bytes.readByte();
        switch (expected.gap(gap)) {
            case ID -> id(octet, bytes);
            case CREATED -> digit(octet, CREATED_DIGITS);
            case STAMP -> {
                if (digit(octet, STAMP_DIGITS)) {
                    stamps.accept(number);
                }
            }
        }
    }

    private void id(byte octet, ByteBuf bytes) {
        if (octet == '"') {
            bytes.readerIndex(bytes.readerIndex() - 1);
            endId();
        } else if (inGap == LONGEST_ID || (idKnown && (inGap >= idLength || id[inGap] != octet))) {
            throw new BenchmarkException("an answer changes its id");
        } else {
            id[inGap++] = octet;
        }
    }

    private void endId() {
        int own = requestId.length;
        boolean complete = !idKnown || inGap == idLength;
        boolean extended = inGap == own || (inGap > own && id[own] == '-');
        if (!complete || !extended || !Arrays.equals(id, 0, own, requestId, 0, own)) {
            String found = new String(id, 0, inGap, StandardCharsets.ISO_8859_1);
            throw new BenchmarkException("an answer has the id " + found + " instead of "
                    + new String(requestId, StandardCharsets.ISO_8859_1));
        }
        idKnown = true;
        idLength = inGap;
        closeGap();
    }

    private boolean digit(byte octet, int digits) {
        if (octet < '0' || octet > '9') {
            throw new BenchmarkException("an answer has something else in the place of a number");
        }
        number = (inGap == 0 ? 0 : number * 10) + octet - '0';
        inGap++;
        if (inGap < digits) {
            return false;
        }
        closeGap();
        return true;
    }

    private void closeGap() {
        gap++;
        inGap = 0;
    }

    @Override
    public void end() {
        if (position != expected.length() || expected.hasGap(gap)) {
            throw new BenchmarkException("an answer ends after " + position + " of " + expected.length() + " bytes");
        }
    }

    private BenchmarkException wrong(String what, ByteBuf bytes, int available) {
        String found = bytes.toString(bytes.readerIndex(), Math.min(available, 300), StandardCharsets.UTF_8);
        return new BenchmarkException("an answer " + what + " after " + position + " bytes, within: " + found);
    }
}
