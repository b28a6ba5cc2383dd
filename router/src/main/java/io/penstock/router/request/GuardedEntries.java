package io.penstock.router.request;

import io.penstock.proxy.api.BodySplice;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a body's object that only trusted clients may send, each with the comma that must go with it: the one
 * in front, or, as long as no other entry stays, the one behind. What is left when all of them are cut out is the object
 * without them, with every other byte as it was. Threading: confined to one scan.
 */
final class GuardedEntries {

    private static final byte[] NOTHING = {};

    private List<BodySplice> cuts = List.of();
    private boolean anotherStays;
    private int commaBefore;

    /** An entry ended that stays. */
    void stays() {
        anotherStays = true;
    }

    /** A comma was read at this place, between two entries. */
    void comma(int at) {
        commaBefore = at;
    }

    /**
     * An entry ended that must not.
     *
     * @param keyStart its key's opening quote
     * @param valueEnd one past its value
     * @param commaAfter the comma that follows it, or -1 if it is the last entry
     */
    void mustGo(int keyStart, int valueEnd, int commaAfter) {
        int from = anotherStays ? commaBefore : keyStart;
        int to = anotherStays || commaAfter < 0 ? valueEnd : commaAfter + 1;
        if (cuts.isEmpty()) {
            cuts = new ArrayList<>(2);
        }
        cuts.add(new BodySplice(from, to, NOTHING));
    }

    /** What to cut out, ascending and not overlapping. */
    List<BodySplice> cuts() {
        return cuts;
    }
}
