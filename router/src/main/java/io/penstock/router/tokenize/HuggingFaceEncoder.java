package io.penstock.router.tokenize;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A {@code tokenizer.json}, read by Hugging Face's own library. Only the functions of the library that read a tokenizer are
 * used, and of an encoding only the ids are brought over: DJL's own class also copies spans, masks and texts of all tokens,
 * truncates at 512 unless told not to, and reports its use over the network.
 *
 * <p>Threading: any thread, several at once: truncation and padding are switched off once, before anybody else has it, and
 * nothing changes the tokenizer after that. Its memory is freed when nobody holds it any more.
 */
final class HuggingFaceEncoder implements Encoder {

    private static final Cleaner CLEANER = Cleaner.create();

    private final long handle;

    private HuggingFaceEncoder(long handle) {
        this.handle = handle;
        var unused = CLEANER.register(this, () -> TokenizersLibrary.LIB.deleteTokenizer(handle));
    }

    /** Reads a file. */
    static HuggingFaceEncoder load(Path file) throws TokenizerException {
        String json = read(file);
        NativeLibrary.require();
        try {
            long handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
            TokenizersLibrary.LIB.disableTruncation(handle);
            TokenizersLibrary.LIB.disablePadding(handle);
            return new HuggingFaceEncoder(handle);
        } catch (RuntimeException e) {
            throw new TokenizerException(file + " is no tokenizer: " + e.getMessage(), e);
        }
    }

    private static String read(Path file) throws TokenizerException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new TokenizerException(file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw TokenizerFile.unreadable(file, e);
        }
    }

    @Override
    public int[] encode(String text, boolean special) {
        long encoding = 0;
        try {
            encoding = TokenizersLibrary.LIB.encode(handle, WellFormed.of(text), special);
            long[] wide = TokenizersLibrary.LIB.getTokenIds(encoding);
            int[] ids = new int[wide.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) wide[i];
            }
            return ids;
        } finally {
            end(encoding);
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String[] pieces(String text, boolean special) {
        long encoding = 0;
        try {
            encoding = TokenizersLibrary.LIB.encode(handle, WellFormed.of(text), special);
            return TokenizersLibrary.LIB.getTokens(encoding);
        } finally {
            end(encoding);
            Reference.reachabilityFence(this);
        }
    }

    private static void end(long encoding) {
        if (encoding != 0) {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public String decode(int[] ids) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = ids[i];
        }
        try {
            return TokenizersLibrary.LIB.decode(handle, wide, false);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
