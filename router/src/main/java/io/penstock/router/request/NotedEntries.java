package io.penstock.router.request;

import io.penstock.proxy.api.BodySplice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a body's own object that may have to go, each with the comma that must go with it: the one in front, or, as long
 * as no other entry stays, the one behind. What is left when some are cut out is the object without them, with every other byte as
 * it was. An entry may stand there twice. Threading: confined to the scan, then read-only.
 */
final class NotedEntries {

    private static final byte[] NOTHING = {};

    private List<Noted> noted = List.of();
    private int entries;
    private int start;
    private int commaBefore;

    /**
     * One entry.
     *
     * @param number how many entries stand before it
     * @param commaBefore the comma in front of it; means nothing for the first entry
     * @param commaAfter the comma that follows it, or -1 if it is the last entry
     */
    private record Noted(NotedField field, int number, int commaBefore, int keyStart, int valueEnd, int commaAfter) {}

    /** The object's entries begin here. */
    void begin(int afterBrace) {
        start = afterBrace;
    }

    /**
     * An entry ended.
     *
     * @param field what it is, or null if it always stays
     * @param keyStart its key's opening quote
     * @param valueEnd one past its value
     * @param separator the comma or brace behind it
     * @param last whether that is the brace
     */
    void ended(@Nullable NotedField field, int keyStart, int valueEnd, int separator, boolean last) {
        if (field != null) {
            if (noted.isEmpty()) {
                noted = new ArrayList<>(4);
            }
            noted.add(new Noted(field, entries, commaBefore, keyStart, valueEnd, last ? -1 : separator));
        }
        entries++;
        commaBefore = separator;
    }

    /** Where an entry can be put in front of all others. */
    int start() {
        return start;
    }

    boolean has(NotedField field) {
        for (int i = 0; i < noted.size(); i++) {
            if (noted.get(i).field() == field) {
                return true;
            }
        }
        return false;
    }

    /** True if an entry is left when those of these groups are cut out. */
    boolean someStay(Set<FieldGroup> groups) {
        return entries
                > noted.stream()
                        .filter(entry -> groups.contains(entry.field().group()))
                        .count();
    }

    /** What to cut out to be rid of these groups: ascending, not overlapping, usually nothing. */
    List<BodySplice> cuts(Set<FieldGroup> groups) {
        if (noted.isEmpty()) {
            return List.of();
        }
        List<BodySplice> cuts = new ArrayList<>(noted.size());
        for (Noted entry : noted) {
            if (groups.contains(entry.field().group())) {
                boolean anotherStays = entry.number() > cuts.size();
                int from = anotherStays ? entry.commaBefore() : entry.keyStart();
                int to = anotherStays || entry.commaAfter() < 0 ? entry.valueEnd() : entry.commaAfter() + 1;
                cuts.add(new BodySplice(from, to, NOTHING));
            }
        }
        return cuts;
    }
}
