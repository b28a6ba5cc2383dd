package io.penstock.proxy.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Short fuzzing for the ordinary build: seeds, and a fixed number of them damaged by a fixed random seed, are given to a fuzz
 * target. The same targets are what the long run of Jazzer works on. Threading: pure functions.
 */
public final class Mutations {

    private static final byte[] SPLINTERS =
            "\r\n :;,\t0189afxX\0/-_{}[]\"\\.%~&*!|>#'\u00e9\u007f".getBytes(StandardCharsets.ISO_8859_1);

    private Mutations() {}

    /** Gives {@code target} every seed as it is, and so many damaged ones; a failure names the input. */
    public static void run(long randomSeed, int runs, Collection<byte[]> seeds, Consumer<byte[]> target) {
        List<byte[]> all = List.copyOf(seeds);
        all.forEach(seed -> give(seed, target));
        Random random = new Random(randomSeed);
        for (int i = 0; i < runs; i++) {
            byte[] input = all.get(random.nextInt(all.size()));
            for (int faults = 1 + random.nextInt(4); faults > 0; faults--) {
                input = damaged(input, all.get(random.nextInt(all.size())), random);
            }
            give(input, target);
        }
    }

    private static void give(byte[] input, Consumer<byte[]> target) {
        try {
            target.accept(input.clone());
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(
                    "on this input (as Latin-1):\n" + new String(input, StandardCharsets.ISO_8859_1), e);
        }
    }

    private static byte[] damaged(byte[] input, byte[] other, Random random) {
        int at = input.length == 0 ? 0 : random.nextInt(input.length);
        int length = input.length == at ? 0 : random.nextInt(Math.min(8, input.length - at)) + 1;
        return switch (random.nextInt(5)) {
            case 0 -> replaced(input, at, length, new byte[0]);
            case 1 -> replaced(input, at, 0, Arrays.copyOfRange(input, at, at + length));
            case 2 -> replaced(input, at, 0, new byte[] {SPLINTERS[random.nextInt(SPLINTERS.length)]});
            case 3 ->
                replaced(input, at, Math.min(1, length), new byte[] {SPLINTERS[random.nextInt(SPLINTERS.length)]});
            default -> {
                int from = random.nextInt(other.length + 1);
                yield replaced(input, at, input.length - at, Arrays.copyOfRange(other, from, other.length));
            }
        };
    }

    private static byte[] replaced(byte[] input, int at, int length, byte[] by) {
        byte[] result = new byte[input.length - length + by.length];
        System.arraycopy(input, 0, result, 0, at);
        System.arraycopy(by, 0, result, at, by.length);
        System.arraycopy(input, at + length, result, at + by.length, input.length - at - length);
        return result;
    }
}
