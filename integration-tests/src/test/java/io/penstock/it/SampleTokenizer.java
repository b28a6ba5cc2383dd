package io.penstock.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The small tokenizer of the router's own tests, in the style of Llama 3. Threading: immutable. */
final class SampleTokenizer {

    private static final String FILE = "router/src/test/resources/io/penstock/router/tokenize/llama-style.json";

    private SampleTokenizer() {}

    /** Its file. */
    static Path file() {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.isDirectory(here.resolve("proxy-core")) ? here : Objects.requireNonNull(here.getParent());
        return root.resolve(FILE);
    }

    /** The end of a configuration that names it {@code llama}, with more keys. */
    static String yaml(String more) {
        return "tokenizers:\n  - { name: llama, type: huggingface, path: \"" + file() + "\"" + more + " }\n";
    }
}
