package io.penstock.router.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When what files hold is judged, and what is told of it. */
final class FileWatchTest {

    private static final int MAX = 1 << 20;

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(folder.resolve("f"), "1");
    }

    private void take(List<FileReading> now) throws IOException {
        FileReading one = now.get(0);
        String text = one.obstacle().isEmpty() ? one.text() : one.obstacle();
        if (!one.obstacle().isEmpty() || text.startsWith("bad")) {
            throw new IOException(text);
        }
        if (text.equals("defect")) {
            throw new IllegalStateException(text);
        }
        told.add("taken " + text);
    }

    private void look(FileWatch watch, int times) {
        for (int i = 0; i < times; i++) {
            watch.look(this::take, problem -> told.add("refused " + problem.getMessage()));
        }
    }

    @Test
    void aContentIsJudgedWhenTwoLooksFindIt() throws IOException {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        look(watch, 10);
        Files.writeString(file, "2");
        look(watch, 1);
        Files.writeString(file, "3");
        look(watch, 1);
        assertThat(told).isEmpty();
        look(watch, 10);
        assertThat(told).containsExactly("taken 3");
    }

    @Test
    void whatIsRefusedIsRememberedAsAProblemUntilSomethingIsTaken() throws IOException {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        Files.writeString(file, "bad");
        look(watch, 10);
        assertThat(watch.problem()).hasMessage("bad");
        Files.writeString(file, "1");
        look(watch, 1);
        assertThat(watch.problem()).hasMessage("bad");
        look(watch, 1);
        assertThat(watch.problem()).isNull();
        assertThat(told).containsExactly("refused bad", "taken 1");
    }

    @Test
    void aDefectIsARefusalAndIsTriedAgain() throws IOException {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        Files.writeString(file, "defect");
        look(watch, 10);
        assertThat(watch.problem()).hasMessageContaining("defect");
        assertThat(told).hasSize(1);
    }

    @Test
    void toldToItTellsOfARefusalAgain() throws IOException {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        Files.writeString(file, "bad");
        look(watch, 2);
        watch.judgeNow(this::take, problem -> told.add("refused again"));
        assertThat(told).containsExactly("refused bad", "refused again");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNotOpened() throws Exception {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        look(watch, 10);
        assertThat(told).containsExactly("refused is not a regular file");
    }

    @Test
    void whatIsTooLargeIsNotRead() throws IOException {
        FileWatch watch = new FileWatch(List.of(file), MAX);
        try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
            grown.setLength(1L << 40);
        }
        look(watch, 2);
        assertThat(told).containsExactly("refused is larger than 1 MiB");
        assertThat(FileReading.ofAnyKind(file, MAX).obstacle()).isEqualTo("is larger than 1 MiB");
    }

    @Test
    void whateverALookThrowsTheNextOnesTakePlace() {
        Lookout.logged(() -> {
            throw new StackOverflowError();
        });
        Lookout.logged(() -> told.add("looked"));
        assertThat(told).containsExactly("looked");
    }
}
