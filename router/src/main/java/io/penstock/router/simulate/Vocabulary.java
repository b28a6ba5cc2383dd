package io.penstock.router.simulate;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;

/**
 * The pieces of text a simulated engine says. Most are plain words; about one in twelve is what breaks careless
 * parsers: quotes, backslashes, line breaks, U+2028, control characters, two-, three- and four-byte UTF-8. Threading:
 * immutable.
 */
final class Vocabulary {

    private static final List<String> WORDS =
            split(" the| water| turns| a| wheel| and| river| flows| to| gate| of| mill"
                    + "| over| stone| in| valley| opens| slowly| pipe| carries| from| dam| light| under| bridge| each| turbine"
                    + "| spins| until| evening| when| rain| fills| lake| again| with| snow| melts| for| spring| channel"
                    + "| narrow| deep| cold| is| that| pressure| rises| head| falls| by| metre| engine| room| hums| at| night"
                    + "| keeper| counts| drops| on| glass| it| never| spills|,|.|:");

    private static final List<String> TRAPS =
            split(" \"said\"| C:\\dam|\n|\n\n|\t| é| Straße| 水|の流れ| 🌊| 👩‍🔧|\u2028|\u0001|"
                    + "data: |{\"a\":[1]}|</s>|\r\n| ñandú");

    /** One in this many tokens is a trap. */
    private static final int TRAP_EVERY = 12;

    private static final List<byte[]> WORDS_AS_JSON = asJson(WORDS);
    private static final List<byte[]> TRAPS_AS_JSON = asJson(TRAPS);

    private Vocabulary() {}

    /** The piece a hash stands for; only a word if {@code plain}. */
    static String text(long hash, boolean plain) {
        return !plain && isTrap(hash) ? TRAPS.get(index(hash, TRAPS.size())) : WORDS.get(index(hash, WORDS.size()));
    }

    /** The same piece inside a JSON string, in UTF-8, without the quotes; not to be written to. */
    static byte[] json(long hash, boolean plain) {
        return !plain && isTrap(hash)
                ? TRAPS_AS_JSON.get(index(hash, TRAPS.size()))
                : WORDS_AS_JSON.get(index(hash, WORDS.size()));
    }

    /** Any text inside a JSON string, as the engines escape it: only what must be. */
    static byte[] escaped(String text) {
        return JsonStringEncoder.getInstance().quoteAsUTF8(text);
    }

    private static boolean isTrap(long hash) {
        return Long.remainderUnsigned(hash, TRAP_EVERY) == 0;
    }

    private static int index(long hash, int size) {
        return (int) Long.remainderUnsigned(hash >>> 8, size);
    }

    private static List<String> split(String pieces) {
        return List.of(pieces.split("\\|", -1));
    }

    private static List<byte[]> asJson(List<String> pieces) {
        return pieces.stream().map(Vocabulary::escaped).toList();
    }
}
