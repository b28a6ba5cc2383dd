package io.penstock.router.tokenize;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a {@code tokenizer.json} tells of itself that the library does not: where text may be cut for it. Everything that is
 * not known to be safe is taken for unsafe. Threading: pure functions.
 */
final class TokenizerFile {

    private static final String NAME = "tokenizer.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> LARGE = Set.of("vocab", "merges");
    private static final String REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String WORDS = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|";
    private static final String CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|";
    private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String SUFFIX = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|";

    /** The patterns of Llama 3, Qwen 2 and their like, and of gpt-oss, as their files write them. */
    private static final Set<String> KNOWN = Set.of(
            CONTRACTIONS + WORDS + "\\p{N}{1,3}" + REST,
            CONTRACTIONS + WORDS + "\\p{N}" + REST,
            "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "*" + LOWER + "+" + SUFFIX + "[^\\r\\n\\p{L}\\p{N}]?" + UPPER + "+"
                    + LOWER + "*" + SUFFIX
                    + "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");

    private TokenizerFile() {}

    /** The file itself, where its folder may have been named. */
    static Path of(Path path) {
        return Files.isDirectory(path) ? path.resolve(NAME) : path;
    }

    /**
     * Looks whether it might be one.
     *
     * @throws TokenizerException if it cannot be read, or is no JSON with a model
     */
    static void check(Path file) throws TokenizerException {
        if (!settings(file).path("model").isObject()) {
            throw new TokenizerException(file + " is no tokenizer: it has no model");
        }
    }

    /** Where text may be cut for this tokenizer. */
    static SafeCuts cuts(Path file) throws TokenizerException {
        JsonNode root = settings(file);
        boolean plain = isPlainBpe(root.path("model")) && keepsText(root.path("normalizer"));
        return plain && addedTokensAreApart(root.path("added_tokens"))
                ? cuts(root.path("pre_tokenizer"))
                : SafeCuts.NOWHERE;
    }

    /** All of it but the vocabulary and its merges, which are most of it and would take many times its size. */
    static JsonNode settings(Path file) throws TokenizerException {
        try (JsonParser json = JSON.createParser(file.toFile())) {
            ObjectNode root = JSON.createObjectNode();
            if (json.nextToken() == JsonToken.START_OBJECT) {
                object(json, root);
            }
            return root;
        } catch (JacksonException e) {
            throw new TokenizerException(file + " is no tokenizer: it is not JSON", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Why a file cannot be read. */
    static TokenizerException unreadable(Path file, IOException why) {
        String problem = Files.exists(file) ? "cannot be read: " + why.getMessage() : "does not exist";
        return new TokenizerException(file + " " + problem, why);
    }

    private static void object(JsonParser json, ObjectNode into) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (name.equals("model") && json.currentToken() == JsonToken.START_OBJECT) {
                object(json, into.putObject(name));
            } else if (LARGE.contains(name)) {
                json.skipChildren();
            } else {
                into.set(name, JSON.<JsonNode>readTree(json));
            }
        }
    }

    private static boolean isPlainBpe(JsonNode model) {
        return model.path("type").asText().equals("BPE")
                && model.path("dropout").asDouble(0) == 0
                && model.path("continuing_subword_prefix").asText("").isEmpty()
                && model.path("end_of_word_suffix").asText("").isEmpty()
                && !model.path("byte_fallback").asBoolean();
    }

    private static boolean keepsText(JsonNode normalizer) {
        return normalizer.isMissingNode()
                || normalizer.isNull()
                || normalizer.path("type").asText().equals("NFC");
    }

    /** No added token may lie across a cut, or take white space away from the other side of one. */
    private static boolean addedTokensAreApart(JsonNode tokens) {
        for (JsonNode token : tokens) {
            String content = token.path("content").asText();
            boolean reaches = token.path("lstrip").asBoolean()
                    || token.path("rstrip").asBoolean()
                    || token.path("single_word").asBoolean();
            if (content.isEmpty()
                    || content.chars().anyMatch(Character::isWhitespace)
                    || (reaches && hasLetterAtEnd(content))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasLetterAtEnd(String content) {
        return Character.isLetter(content.charAt(0)) || Character.isLetter(content.charAt(content.length() - 1));
    }

    private static SafeCuts cuts(JsonNode splitter) {
        if (isByteLevel(splitter, true)) {
            return SafeCuts.WORDS;
        }
        JsonNode steps = splitter.path("pretokenizers");
        boolean twoSteps = splitter.path("type").asText().equals("Sequence") && steps.size() == 2;
        return twoSteps && isKnownSplit(steps.path(0)) && isByteLevel(steps.path(1), false)
                ? SafeCuts.LINES
                : SafeCuts.NOWHERE;
    }

    private static boolean isByteLevel(JsonNode step, boolean splits) {
        return step.path("type").asText().equals("ByteLevel")
                && !step.path("add_prefix_space").asBoolean(true)
                && step.path("use_regex").asBoolean(true) == splits;
    }

    private static boolean isKnownSplit(JsonNode step) {
        return step.path("type").asText().equals("Split")
                && step.path("behavior").asText().equals("Isolated")
                && !step.path("invert").asBoolean()
                && KNOWN.contains(step.path("pattern").path("Regex").asText());
    }
}
