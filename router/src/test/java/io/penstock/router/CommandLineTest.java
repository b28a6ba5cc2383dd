package io.penstock.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.access.NewKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {

    private static final String BAD = """
            pools:
              - name: chat
                engines: [http://127.0.0.1:8000]
                polcy: session
                health: { interval: soon }
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void withoutACommandTheCommandsAreListed() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("serve", "check", "demo", "simulate");
    }

    @Test
    void theVersionIsTheBuilds() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("penstock \\d+\\.\\d+\\.\\d+\\S*\\RJava 1?\\d.*, Netty 4\\.2\\.\\S+\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "demo", "simulate", "hash-key"})
    void everyCommandHasHelpAndAVersion(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: penstock " + command);
        assertThat(run(command, "--version")).isZero();
        assertThat(out.toString()).containsPattern("\npenstock \\d+\\.\\d+\\.\\d+");
    }

    @Test
    void theListOfCommandsShowsWholeSentences() {
        assertThat(run("--help")).isZero();
        String[] lines = out.toString().split("First steps:", 2)[0].split("\\R  (?=[a-z]+  )");
        assertThat(lines).hasSize(5).allMatch(line -> line.strip().endsWith(".") || line.startsWith("Usage"));
    }

    @Test
    void checkPrintsAGoodFileWithItsDefaults() throws IOException {
        Path file = write("pools: [{ name: chat, engines: [http://127.0.0.1:8000] }]\n");

        assertThat(run("check", file.toString())).isZero();
        assertThat(out.toString()).contains("port: 8080").contains("loadBound: 1.25");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void checkReportsEveryProblemWithItsPlaceAndEndsWith2() throws IOException {
        Path file = write(BAD);

        assertThat(run("check", file.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(file + ":4:5: pools[0].polcy: unknown key"))
                .anyMatch(line -> line.startsWith(file + ":5:25: pools[0].health.interval:"));
    }

    @Test
    void aTokenizerThatCannotBeLoadedIsFoundByCheckAndStopsTheStart() throws IOException {
        Path none = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"none\"}}");
        Path file = write("server: { port: 0, adminPort: 0 }\n"
                + "pools: [{ name: chat, engines: [http://127.0.0.1:8000], tokenizer: t }]\n"
                + "tokenizers: [{ name: t, type: huggingface, path: " + none + " }]\n");

        assertThat(run("check", file.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith(file + ": tokenizers[0]: " + none + " is no tokenizer: ");
        assertThat(run("serve", "-c", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("penstock: tokenizers[0]: " + none + " is no tokenizer: ");
    }

    @Test
    void serveRefusesABadFileAsCheckDoes() throws IOException {
        Path file = write(BAD);

        assertThat(run("serve", "-c", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains(file + ":4:5: ").contains(file + ":5:25: ");
    }

    @Test
    void aFileThatIsNotThereIsReported() {
        Path file = folder.resolve("nothing.yaml");

        assertThat(run("check", file.toString())).isEqualTo(2);
        assertThat(run("serve", "-c", file.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).containsOnly(file + ": there is no such file");
    }

    /** Half of a surrogate pair, which no encoding has: what letters with accents are where the locale is C. */
    @Test
    void aNameThatNoFileCanHaveIsAProblemOfItsPlace() throws IOException {
        String problem = "cannot be the name of a file in this process's locale (";
        assertThat(run("check", "\ud800.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("(FILE): ").contains(problem).doesNotContain("Exception");
        Path file = write("""
                pools:
                  - name: a
                    discovery: { file: "\\ud800" }
                  - name: b
                    engines: [http://127.0.0.1:8000]
                    key: { file: "\\ud800" }
                tracing: { endpoint: "http://h:1", headerFiles: { a: "\\ud800" } }
                """);
        assertThat(run("check", file.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("penstock.yaml:3:24: pools[0].discovery.file: ")
                .contains("penstock.yaml:6:18: pools[1].key.file: ")
                .contains("tracing.headerFiles: ")
                .doesNotContain("Exception");
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(run("check", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).isEqualTo(folder + ": is a folder, not a file" + System.lineSeparator());
    }

    @Test
    void serveNeedsAFileOrEngines() {
        assertThat(run("serve")).isEqualTo(2);
        assertThat(err.toString()).contains("needs -c FILE or --engines URL,URL");
    }

    @Test
    void serveTakesNoPortBesideAFile() throws IOException {
        Path file = write("pools: [{ name: chat, engines: [http://127.0.0.1:8000] }]\n");

        assertThat(run("serve", "-c", file.toString(), "--port", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("with -c FILE the ports and engines are those of the file");
    }

    @Test
    void serveReportsEveryEngineThatIsNoAddress() {
        assertThat(run("serve", "--engines", "one,http://127.0.0.1:8000,ftp://two"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("penstock serve: pools[0].engines["));
    }

    @Test
    void hashKeyMakesAKeyAndItsHash() {
        assertThat(run("hash-key")).isZero();
        List<String> lines = out.toString().lines().toList();
        String key = lines.get(0).substring("key:    ".length());
        assertThat(lines)
                .containsExactly("key:    " + key, "sha256: " + NewKey.of(key).sha256());
    }

    private int run(String... args) {
        return Main.commandLine(args)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("penstock.yaml"), yaml);
    }
}
