package io.penstock.router.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * The small tokenizers made by {@code src/test/python/make_tokenizers.py}, and what the reference libraries found with them.
 * Threading: the test's thread.
 */
public final class Samples {

    /** The tokenizers that are files. */
    public static final List<String> FILES = List.of("llama-style", "qwen-style", "gpt2-style", "sentencepiece-style");

    private static final Path FOLDER = Path.of("src/test/resources/io/penstock/router/tokenize");

    private Samples() {}

    /** A tokenizer's file. */
    public static Path file(String name) {
        return FOLDER.resolve(name + ".json");
    }

    /** A file's tokenizer, or an encoding. */
    public static Tokenizer tokenizer(String name, long memory) throws IOException {
        return FILES.contains(name) ? Tokenizers.huggingFace(file(name), memory) : Tokenizers.tiktoken(name, memory);
    }

    /** The whole text's ids, by the library alone. */
    static Encoder encoder(String name) throws IOException {
        return FILES.contains(name) ? HuggingFaceEncoder.load(file(name)) : TiktokenEncoder.of(name);
    }

    /** Texts and their ids. */
    static List<JsonNode> golden() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        new ObjectMapper().readTree(FOLDER.resolve("golden-ids.json").toFile()).forEach(all::add);
        return all;
    }

    /** The text of a golden entry. */
    static String text(JsonNode entry) {
        return entry.has("text")
                ? entry.path("text").asText()
                : entry.path("piece").asText().repeat(entry.path("times").asInt());
    }

    static int[] ids(JsonNode list) {
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = list.path(i).asInt();
        }
        return ids;
    }

    /** What {@code make_tokenizers.py} calls the digest of a list of ids. */
    static String digest(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(ids);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Text that is hard to cut: letters, blanks, line ends, marks, special tokens and more in any order. */
    static String confusing(Random random, int length) {
        List<String> parts = List.of(
                "a",
                "word",
                "Ünter",
                "漢字",
                "日",
                "x",
                "'s",
                "'RE",
                "'",
                " ",
                "  ",
                "\n",
                "\n\n",
                "\r\n",
                "\t",
                "\u00a0",
                "\u3000",
                "1",
                "12345",
                "٣",
                "½",
                ".",
                "...",
                "!?",
                "/",
                "//\n",
                "<|im_start|>",
                "<|begin_of_text|>",
                "<|im",
                "e\u0301",
                "\u0308",
                "\u200d",
                "😀",
                "👩‍👩‍👧",
                "\ud83d",
                "\u0000",
                "\u2028",
                "ß",
                "İ",
                "ǅ",
                "ʰ",
                "_",
                "-",
                "हि",
                "न्");
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(parts.get(random.nextInt(parts.size())));
            if (random.nextInt(4) == 0) {
                text.append("plain words here ".substring(random.nextInt(16)));
            }
        }
        return text.toString();
    }
}
