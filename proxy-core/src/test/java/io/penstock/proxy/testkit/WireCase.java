package io.penstock.proxy.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One entry of a {@link WireCorpus}. Threading: immutable.
 *
 * @param name what is special about it
 * @param outcome what must come of it, in the words of the corpus
 * @param wire the bytes, as Latin-1
 * @param expected what the other side must see of it, line by line, or nothing; as Latin-1
 */
public record WireCase(String name, List<String> outcome, String wire, List<String> expected) {

    public WireCase {
        outcome = List.copyOf(outcome);
        expected = List.copyOf(expected);
    }

    /** The bytes. */
    public byte[] bytes() {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether the outcome says this word. */
    public boolean says(String word) {
        return outcome.contains(word);
    }

    /** The word of the outcome at an index. */
    public String word(int index) {
        return outcome.get(index);
    }

    @Override
    public String toString() {
        return name;
    }
}
