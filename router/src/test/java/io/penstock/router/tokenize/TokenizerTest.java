package io.penstock.router.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.proxy.testkit.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenizerTest {

    private static final String TURN = "User: what is the answer to everything, please?\nAssistant: it is forty-two.\n";

    @ParameterizedTest
    @ValueSource(
            strings = {"llama-style", "qwen-style", "gpt2-style", "cl100k_base", "o200k_base", "r50k_base", "p50k_base"
            })
    void cuttingNeverChangesTheIds(String name) throws IOException {
        Encoder whole = Samples.encoder(name);
        Tokenizer cutting = Samples.tokenizer(name, 1 << 20);
        assertThat(cutting.cuts()).isTrue();
        Random random = new Random(11);
        for (int i = 0; i < 60; i++) {
            String text = Samples.confusing(random, 500 + random.nextInt(9000));
            assertThat(cutting.encode(text, true)).as("text %d", i).isEqualTo(whole.encode(text, true));
        }
    }

    /** Not only where a piece happens to end: at every place that is called safe. */
    @ParameterizedTest
    @ValueSource(
            strings = {"llama-style", "qwen-style", "gpt2-style", "cl100k_base", "o200k_base", "r50k_base", "p50k_base"
            })
    void everyPlaceThatIsCalledSafeIs(String name) throws IOException {
        Encoder encoder = Samples.encoder(name);
        SafeCuts cuts = Samples.FILES.contains(name)
                ? TokenizerFile.cuts(Samples.file(name))
                : name.endsWith("00k_base") ? SafeCuts.LINES : SafeCuts.WORDS;
        Random random = new Random(5);
        for (int i = 0; i < 150; i++) {
            String text = Samples.confusing(random, 120);
            int[] whole = encoder.encode(text, false);
            for (int at = 1; at < text.length(); at++) {
                if (cuts.isSafe(text.charAt(at - 1), text.charAt(at))) {
                    IdList both = new IdList(0);
                    both.add(encoder.encode(text.substring(0, at), false));
                    both.add(encoder.encode(text.substring(at), false));
                    assertThat(both.toArray()).as("%s at %d", text, at).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void aTokenizerThatIsNotKnownToAllowCutsIsNotCut() throws IOException {
        assertThat(Samples.tokenizer("sentencepiece-style", 1 << 20).cuts()).isFalse();
        String llama = Files.readString(Samples.file("llama-style"));
        assertThat(cuts(llama)).isEqualTo(SafeCuts.LINES);
        assertThat(cuts(llama.replace("\\\\p{N}{1,3}|", "\\\\p{N}{1,4}|")))
                .as("another pattern")
                .isEqualTo(SafeCuts.NOWHERE);
        assertThat(cuts(llama.replace("\"normalizer\":null", "\"normalizer\":{\"type\":\"Lowercase\"}")))
                .isEqualTo(SafeCuts.NOWHERE);
        assertThat(cuts(llama.replace("<|im_start|>", "<|im start|>")))
                .as("a token with a blank")
                .isEqualTo(SafeCuts.NOWHERE);
        assertThat(cuts(llama.replace("\"dropout\":null", "\"dropout\":0.1"))).isEqualTo(SafeCuts.NOWHERE);
    }

    @TempDir
    private Path folder;

    private SafeCuts cuts(String json) throws IOException {
        return TokenizerFile.cuts(Files.writeString(folder.resolve("some.json"), json));
    }

    @Test
    void aConversationThatGrowsIsOnlyTokenizedWhereItGrew() throws IOException {
        Tokenizer tokenizer = Samples.tokenizer("llama-style", 1 << 20);
        Encoder whole = Samples.encoder("llama-style");
        StringBuilder chat = new StringBuilder();
        for (int turn = 0; turn < 200; turn++) {
            chat.append(turn).append(' ').append(TURN);
            String text = chat.toString();
            assertThat(tokenizer.encode(text, true)).isEqualTo(whole.encode(text, true));
        }
        assertThat(tokenizer.misses()).as("each piece once").isLessThanOrEqualTo(chat.length() / SafeCuts.SMALLEST);
        assertThat(tokenizer.hits()).isGreaterThan(5 * tokenizer.misses());
    }

    @Test
    void whatIsRememberedIsBounded() throws IOException {
        Tokenizer tokenizer = Samples.tokenizer("llama-style", 64 << 10);
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            var unused = tokenizer.encode(Samples.confusing(random, 20_000), false);
        }
        assertThat(tokenizer.memoryBytes()).isPositive().isLessThanOrEqualTo(64 << 10);
        assertThat(Samples.tokenizer("llama-style", 0).memoryBytes()).isZero();
    }

    @Test
    void countingStopsWhereItIsEnoughOrUnwanted() throws IOException {
        Tokenizer tokenizer = Samples.tokenizer("llama-style", 0);
        String text = TURN.repeat(1000);
        int all = tokenizer.encode(text, false).length;

        assertThat(tokenizer.count(text, false, all, () -> false)).isEqualTo(all);
        assertThat(tokenizer.count(text, false, 1000, () -> false))
                .isGreaterThan(1000)
                .isLessThan(3000);
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> tokenizer.count(text, false, all, () -> asked.incrementAndGet() > 3))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-style", "sentencepiece-style"})
    void whatNobodyWantsIsNotBegun(String name) throws IOException {
        Tokenizer tokenizer = Samples.tokenizer(name, 0);

        assertThatThrownBy(() -> tokenizer.count("a", false, 10, () -> true)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> tokenizer.encode("a", false, () -> true)).isInstanceOf(CancellationException.class);
    }

    /** They are most of the file: as a tree they would take many times its size. */
    @Test
    void vocabularyAndMergesAreNotReadForTheCuts() throws IOException {
        JsonNode model = TokenizerFile.settings(Samples.file("llama-style")).path("model");

        assertThat(model.path("type").asText()).isEqualTo("BPE");
        assertThat(model.has("vocab") || model.has("merges")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-style", "sentencepiece-style", "o200k_base"})
    void manyThreadsGetTheirOwnRightAnswers(String name) throws Exception {
        Tokenizer tokenizer = Samples.tokenizer(name, 1 << 20);
        Encoder alone = Samples.encoder(name);
        List<String> texts = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        Random random = new Random(17);
        for (int i = 0; i < 40; i++) {
            texts.add(Samples.confusing(random, 100 + random.nextInt(4000)));
            expected.add(alone.encode(texts.get(i), i % 2 == 0));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
            int i = n % texts.size();
            boolean cutShort = n % 3 == 0;
            done.add(threads.submit(() -> {
                if (cutShort) {
                    int count = tokenizer.count(texts.get(i), i % 2 == 0, 10, () -> false);
                    assertThat(count).isBetween(Math.min(10, expected.get(i).length), expected.get(i).length);
                } else {
                    assertThat(tokenizer.encode(texts.get(i), i % 2 == 0)).isEqualTo(expected.get(i));
                }
            }));
        }
        for (Future<?> each : done) {
            each.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void whatTheFileSaysOfTruncationAndPaddingDoesNotHold() throws IOException {
        Tokenizer tokenizer = Samples.tokenizer("sentencepiece-style", 0);

        assertThat(tokenizer.encode("a b ".repeat(2000), true)).hasSizeGreaterThan(2000);
        assertThat(tokenizer.encode("a", false)).as("no padding").hasSizeLessThan(4);
    }

    @Test
    void piecesAreTheVocabularysOwn() throws IOException {
        assertThat(Samples.tokenizer("llama-style", 0).pieces("<|im_start|> the", true))
                .containsExactly("<|begin_of_text|>", "<|im_start|>", "Ġthe");
        assertThat(String.join("", Samples.tokenizer("o200k_base", 0).pieces("Hello there", false)))
                .isEqualTo("Hello there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-style", "sentencepiece-style", "o200k_base"})
    void halfASurrogatePairHarmsNoOtherCharacter(String name) throws IOException {
        Tokenizer tokenizer = Samples.tokenizer(name, 0);

        assertThat(tokenizer.encode("a\ud83d 😀 \ude00", false))
                .isEqualTo(tokenizer.encode("a\ufffd 😀 \ufffd", false));
    }

    @Test
    void idsThatThereAreNotAreLeftOut() throws IOException {
        Tokenizer tokenizer = Samples.tokenizer("llama-style", 0);
        int[] ids = tokenizer.encode("some words", false);
        int[] more = Arrays.copyOf(ids, ids.length + 2);
        more[ids.length] = 1_000_000;
        more[ids.length + 1] = -1;

        assertThat(tokenizer.decode(more)).isEqualTo("some words");
    }

    @Test
    void aFileThatIsNotThereOrNoTokenizerIsNamed() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        assertThatThrownBy(() -> Tokenizers.huggingFace(folder, 0)).hasMessage(file + " does not exist");
        assertThatThrownBy(() -> Tokenizers.check(folder)).hasMessage(file + " does not exist");
        Files.writeString(file, "{\"model\": 1}");
        assertThatThrownBy(() -> Tokenizers.check(folder)).hasMessage(file + " is no tokenizer: it has no model");
        assertThatThrownBy(() -> Tokenizers.huggingFace(folder, 0)).hasMessageStartingWith(file + " is no tokenizer: ");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatThrownBy(() -> Tokenizers.huggingFace(file, 0)).hasMessage(file + " is not UTF-8 text");
        assertThatThrownBy(() -> Tokenizers.check(file)).hasMessage(file + " is no tokenizer: it is not JSON");
        assertThatThrownBy(() -> Tokenizers.tiktoken("nope", 0)).hasMessageContaining("nope");
    }
}
