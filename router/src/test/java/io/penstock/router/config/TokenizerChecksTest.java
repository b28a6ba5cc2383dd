package io.penstock.router.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.router.tokenize.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerChecksTest {

    private static final String POOLS = "pools: [{name: p, engines: [http://h:1], tokenizer: t}]\n";

    @Test
    void aTokenizerNeedsWhatItsTypeTakesAndNothingElse() {
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: t, type: huggingface}]"))
                .containsExactly("2:14: tokenizers[0].path: is required for type huggingface");
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: t, type: tiktoken, path: /x}]"))
                .containsExactly(
                        "2:14: tokenizers[0].encoding: is required for type tiktoken",
                        "2:46: tokenizers[0].path: is for type huggingface only");
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: t, type: tiktoken, encoding: cl100k}]"))
                .singleElement()
                .asString()
                .contains("there is no encoding \"cl100k\"; there are: r50k_base, ");
    }

    @Test
    void whoNamesATokenizerNamesOneThatIsThere() {
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: tt, type: engine}]"))
                .singleElement()
                .asString()
                .startsWith("1:53: pools[0].tokenizer: no tokenizer is named \"t\"; there are: tt");
        assertThat(Yaml.lines(POOLS)).singleElement().asString().contains("there are: none");
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: t, type: engine}, {name: t, type: engine}]"))
                .singleElement()
                .asString()
                .contains("given twice");
        assertThat(Yaml.lines(POOLS + "tokenizers: [{name: t, type: engine}]\n"
                        + "routes: [{to: [{pool: p}], tokens: {tokenizer: u}}]"))
                .singleElement()
                .asString()
                .contains("routes[0].tokens.tokenizer: no tokenizer is named \"u\"");
    }

    @Test
    void aRouteThatCountsNeedsATokenizer() {
        String pools = "pools: [{name: p, engines: [http://h:1]}]\n";
        String route = "routes: [{to: [{pool: p}], tokens: {count: true}}]\n";
        assertThat(Yaml.lines(pools + route)).singleElement().asString().contains("nothing counts tokens here");
        assertThat(Yaml.lines(pools + route + "tokenizers: [{name: t, type: engine, models: ['*']}]"))
                .isEmpty();
        assertThat(Yaml.lines(POOLS + route + "tokenizers: [{name: t, type: engine}]"))
                .isEmpty();
    }

    @Test
    void aFileThatIsNoTokenizerIsNamedWithItsLine() {
        String yaml = POOLS + "tokenizers:\n  - name: t\n    type: huggingface\n    path: ";

        assertThat(problem(yaml + "/nowhere/at/all"))
                .isEqualTo("5:11: tokenizers[0].path: /nowhere/at/all does not exist");
        assertThat(problem(yaml + Samples.file("golden-ids")))
                .startsWith("5:11: tokenizers[0].path: ")
                .contains("golden-ids.json is no tokenizer: ");
    }

    /** That takes time and memory, and is done once, by whoever uses it. */
    @Test
    void whatMightBeATokenizerIsNotLoaded(@TempDir Path folder) throws IOException, ConfigException {
        Path file = Files.writeString(folder.resolve("x.json"), "{\"model\": {\"type\": \"none that there is\"}}");
        String yaml = POOLS + "tokenizers: [{name: t, type: huggingface, path: " + file + "}]";

        assertThat(ConfigLoader.parseWithFiles(yaml).tokenizers()).hasSize(1);
    }

    @Test
    void aChatTemplateThatIsNoneIsNamedWithItsLine(@TempDir Path folder) throws IOException {
        Files.copy(Samples.file("llama-style"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("chat_template.jinja"), "{% for m in messages %}");

        assertThat(problem(POOLS + "tokenizers:\n  - name: t\n    type: huggingface\n    path: " + folder))
                .startsWith("5:11: tokenizers[0].path: the chat template there cannot be used: ");
    }

    private static String problem(String yaml) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> ConfigLoader.parseWithFiles(yaml));
        ConfigProblem problem = thrown.problems().get(0);
        return problem.line() + ":" + problem.column() + ": " + problem.key() + ": " + problem.message();
    }

    @Test
    void goodOnesLoad() throws ConfigException {
        String yaml = POOLS + "tokenizers: [{name: t, type: huggingface, path: " + Samples.file("llama-style") + "}]";
        assertThat(ConfigLoader.parseWithFiles(yaml).tokenizers()).hasSize(1);
        assertThatThrownBy(() -> ConfigLoader.parseWithFiles(yaml.replace("llama-style", "none")))
                .isInstanceOf(ConfigException.class);
    }
}
