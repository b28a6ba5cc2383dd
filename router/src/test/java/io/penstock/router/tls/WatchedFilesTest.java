package io.penstock.router.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedFilesTest {

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void aChangeIsTakenOnceItIsTheSameAtTwoLooks() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "1");
        WatchedFiles<String> watched = watch(file);
        poll(watched);
        Files.writeString(file, "2");
        poll(watched);
        Files.writeString(file, "3");
        poll(watched);
        assertThat(told).isEmpty();
        assertThat(watched.value()).isEqualTo("1");
        poll(watched);
        poll(watched);
        assertThat(told).containsExactly("reloaded 3");
        assertThat(watched.value()).isEqualTo("3");
    }

    @Test
    void whatCannotBeUsedIsToldOnceAndTheOldStays() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "1");
        WatchedFiles<String> watched = watch(file);
        Files.writeString(file, "bad");
        for (int i = 0; i < 4; i++) {
            poll(watched);
        }
        assertThat(told).containsExactly("refused " + file + ": bad");
        assertThat(watched.value()).isEqualTo("1");
        Files.delete(file);
        poll(watched);
        poll(watched);
        Files.writeString(file, "1");
        poll(watched);
        poll(watched);
        assertThat(told).containsExactly("refused " + file + ": bad", "refused " + file + ": missing", "reloaded 1");
    }

    @Test
    void aSwappedLinkIsAChangeAndANewDateIsNone() throws IOException {
        Path one =
                Files.writeString(Files.createDirectory(folder.resolve("one")).resolve("f"), "1");
        Files.writeString(Files.createDirectory(folder.resolve("two")).resolve("f"), "2");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("one"));
        WatchedFiles<String> watched = watch(link.resolve("f"));
        Files.writeString(one, "1");
        poll(watched);
        poll(watched);
        Files.delete(link);
        Files.createSymbolicLink(link, folder.resolve("two"));
        poll(watched);
        poll(watched);
        assertThat(told).containsExactly("reloaded 2");
    }

    @Test
    void theFirstLoadMustSucceed() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "bad");
        assertThatThrownBy(() -> watch(file)).isInstanceOf(TlsFileException.class);
    }

    private void poll(WatchedFiles<String> watched) {
        watched.look(value -> told.add("reloaded " + value), e -> told.add("refused " + e.getMessage()));
    }

    private static WatchedFiles<String> watch(Path file) throws TlsFileException {
        return new WatchedFiles<>(List.of(file), () -> load(file));
    }

    private static String load(Path file) throws TlsFileException {
        try {
            String text = Files.readString(file);
            if (text.equals("bad")) {
                throw new TlsFileException(file, "bad");
            }
            return text;
        } catch (TlsFileException e) {
            throw e;
        } catch (IOException e) {
            throw new TlsFileException(file, "missing");
        }
    }
}
