package io.penstock.router.simulate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A reversible tokenizer without a vocabulary. A token is one to three bytes of UTF-8; a new one begins at every blank
 * and line break, and only characters of four bytes are cut. Its id is the number those bytes spell, so decoding needs no table:
 *
 * <pre>
 * one byte     0 .. 255                    the byte
 * two bytes    256 .. 65,791               256 + first * 256 + second
 * three bytes  65,792 .. 16,843,007        65,792 + first * 65,536 + second * 256 + third
 * </pre>
 *
 * A text's tokens are a prefix of the tokens of every text that continues it with a blank or a line break. Threading:
 * immutable.
 */
public final class SimulatedTokenizer {

    private static final int TWO = 256;
    private static final int THREE = TWO + (1 << 16);

    /** One more than the largest id. */
    public static final int VOCABULARY_SIZE = THREE + (1 << 24);

    private SimulatedTokenizer() {}

    /** The ids of {@code text}. */
    public static int[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        int count = 0;
        int from = 0;
        while (from < bytes.length) {
            int to = end(bytes, from);
            ids[count++] = id(bytes, from, to);
            from = to;
        }
        return Arrays.copyOf(ids, count);
    }

    /** The text of {@code ids}; ids out of range count as nothing. */
    public static String decode(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 3);
        for (int id : ids) {
            write(id, bytes);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int end(byte[] bytes, int from) {
        int to = from + 1;
        while (to < bytes.length && to - from < 3 && bytes[to] != ' ' && bytes[to] != '\n') {
            to++;
        }
        int whole = to;
        while (whole > from && whole < bytes.length && isContinuation(bytes[whole])) {
            whole--;
        }
        return whole > from ? whole : to;
    }

    private static boolean isContinuation(byte octet) {
        return (octet & 0xc0) == 0x80;
    }

    private static int id(byte[] bytes, int from, int to) {
        int spelled = 0;
        for (int i = from; i < to; i++) {
            spelled = (spelled << 8) | (bytes[i] & 0xff);
        }
        return switch (to - from) {
            case 1 -> spelled;
            case 2 -> TWO + spelled;
            default -> THREE + spelled;
        };
    }

    private static void write(int id, ByteArrayOutputStream bytes) {
        if (id < 0 || id >= VOCABULARY_SIZE) {
            return;
        }
        int spelled = id >= THREE ? id - THREE : id >= TWO ? id - TWO : id;
        if (id >= THREE) {
            bytes.write(spelled >>> 16);
        }
        if (id >= TWO) {
            bytes.write(spelled >>> 8);
        }
        bytes.write(spelled);
    }
}
