package io.penstock.router.tokenize;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;

/**
 * One of OpenAI's encodings, by jtokkit. Text that looks like a special token is text, and there are none around a text.
 *
 * <p>Threading: any thread; the library's encodings are immutable.
 */
final class TiktokenEncoder implements Encoder {

    private final Encoding encoding;

    private TiktokenEncoder(Encoding encoding) {
        this.encoding = encoding;
    }

    /** Loads an encoding out of the library; takes some hundred milliseconds. */
    static TiktokenEncoder of(String name) throws TokenizerException {
        return new TiktokenEncoder(Encodings.newLazyEncodingRegistry()
                .getEncoding(name)
                .orElseThrow(() -> new TokenizerException("there is no encoding " + name)));
    }

    @Override
    public int[] encode(String text, boolean special) {
        return encoding.encodeOrdinary(WellFormed.of(text)).toArray();
    }

    @Override
    public String[] pieces(String text, boolean special) {
        int[] ids = encode(text, special);
        String[] pieces = new String[ids.length];
        for (int i = 0; i < ids.length; i++) {
            pieces[i] = decode(new int[] {ids[i]});
        }
        return pieces;
    }

    @Override
    public String decode(int[] ids) {
        IntArrayList list = new IntArrayList(ids.length);
        for (int id : ids) {
            list.add(id);
        }
        return new String(encoding.decodeBytes(list), StandardCharsets.UTF_8);
    }
}
