package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.files.FileWatch;
import io.penstock.router.files.Lookout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of engines tells, and when. */
final class FileSourceTest {

    @TempDir
    private Path folder;

    private final Lookout files = new Lookout("unused");
    private final Told told = new Told();
    private String trustProblem = "";
    private int learned;

    @AfterEach
    void closeThread() {
        files.close();
    }

    private Path file() {
        return folder.resolve("engines.yaml");
    }

    private FileSource source() {
        return new FileSource(file(), files, this::learn);
    }

    private void learn() throws IOException {
        if (!trustProblem.isEmpty()) {
            throw new IOException(trustProblem);
        }
        learned++;
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private void look(FileSource source, int times) {
        for (int i = 0; i < times; i++) {
            source.look(told);
        }
    }

    @Test
    void theFirstLookTellsAndEachOneConfirms() throws IOException {
        write("engines: [http://a:1, { url: http://b:2, drain: true, labels: { zone: z } }]");
        look(source(), 2);
        assertThat(told.lines()).containsExactly("http://a:1 http://b:2", "http://a:1 http://b:2");
        assertThat(told.last().engines().get(1).drain()).isTrue();
        assertThat(told.last().engines().get(1).labels()).containsEntry("zone", "z");
        assertThat(learned).as("nobody needs TLS").isZero();
    }

    @Test
    void aChangedFileIsTakenWhenTwoLooksFoundIt() throws IOException {
        write("engines: [http://a:1]");
        FileSource source = source();
        look(source, 1);
        Path next = Files.writeString(folder.resolve("next"), "engines: [http://b:1]");
        Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE);
        look(source, 2);
        assertThat(told.lines()).containsExactly("http://a:1", "http://a:1", "http://b:1");
    }

    @Test
    void aFileWithProblemsChangesNothingAndIsToldOnceWithEachPlace() throws IOException {
        write("engines: [http://a:1]");
        FileSource source = source();
        look(source, 1);
        write("engines: [http://b, { url: http://c:1, dran: true }]");
        look(source, 4);
        List<String> lines = told.lines();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2))
                .startsWith("failed: ")
                .contains(file() + ":1:11: engines[0].url")
                .contains("has no port")
                .contains("engines[1].dran: unknown key");
        write("engines: [http://a:1, http://c:1]");
        look(source, 2);
        assertThat(told.lines()).containsExactly("http://a:1 http://c:1");
    }

    @Test
    void aFileThatComesLaterIsTaken() throws IOException {
        FileSource source = source();
        look(source, 1);
        assertThat(told.lines()).containsExactly("failed: there is no such file");
        write("engines: [http://a:1]");
        look(source, 2);
        assertThat(told.lines()).containsExactly("http://a:1");
        Files.delete(file());
        look(source, 2);
        assertThat(told.lines()).containsExactly("http://a:1", "failed: there is no such file");
    }

    @Test
    void anEngineOverTlsIsTakenOnlyWithWhatProvesIt() throws IOException {
        write("engines: [https://a:1]");
        trustProblem = "the authorities cannot be read";
        FileSource source = source();
        look(source, 1);
        assertThat(told.lines()).containsExactly("failed: the authorities cannot be read");
        trustProblem = "";
        look(source, FileWatch.LOOKS_TO_RETRY);
        assertThat(told.lines()).containsExactly("https://a:1");
        assertThat(learned).isEqualTo(1);
    }

    @Test
    void anEmptyFileIsNoList() throws IOException {
        write("");
        look(source(), 1);
        assertThat(told.lines()).hasSize(1).allSatisfy(line -> assertThat(line).contains("engines", "is required"));
    }

    @Test
    void aClosedSourceTellsNothing() throws IOException {
        write("engines: [http://a:1]");
        FileSource source = source();
        source.close();
        look(source, 1);
        assertThat(told.lines()).isEmpty();
    }
}
