package io.penstock.router.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.router.config.ConfigException;
import io.penstock.router.config.FileContent;
import io.penstock.router.files.FileWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file is loaded again, and what becomes of it. */
final class ReloadTest {

    @TempDir
    private Path folder;

    private final List<String> events = new ArrayList<>();
    private final ReloadObserver observer = new ReloadObserver() {
        @Override
        public void taken(String hash) {
            throw new AssertionError("told by whoever puts it in force");
        }

        @Override
        public void refused() {
            events.add("refused");
        }
    };

    private Path file = Path.of("");

    private static String pool(String name) {
        return "pools: [{name: " + name + ", engines: [\"http://h:1\"]}]\n";
    }

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("penstock.yaml");
        Files.writeString(file, pool("first"));
    }

    private Reload reload() throws ConfigException {
        FileContent content = FileContent.read(file);
        var followed = new ConfigWatch.Followed(file, content, content.config());
        return new Reload(followed, next -> events.add(next.pools().get(0).name()), observer);
    }

    @Test
    void whatIsNotNewIsNotLoaded() throws Exception {
        Reload reload = reload();
        reload.look();
        Files.writeString(file, pool("first"));
        reload.look();
        reload.look();
        assertThat(events).isEmpty();
    }

    @Test
    void aChangeIsLoadedOnceItWasFoundTwice() throws Exception {
        Reload reload = reload();
        Files.writeString(file, pool("second"));
        reload.look();
        assertThat(events).isEmpty();
        reload.look();
        reload.look();
        assertThat(events).containsExactly("second");
    }

    @Test
    void aFileThatIsBeingWrittenIsLeftAlone() throws Exception {
        Reload reload = reload();
        Files.writeString(file, "");
        reload.look();
        Files.writeString(file, "pools: [{na");
        reload.look();
        Files.writeString(file, pool("second"));
        reload.look();
        reload.look();
        assertThat(events).containsExactly("second");
    }

    @Test
    void aChangeThatIsTakenBackAtOnceIsNone() throws Exception {
        Reload reload = reload();
        Files.writeString(file, pool("second"));
        reload.look();
        Files.writeString(file, pool("first"));
        reload.look();
        reload.look();
        assertThat(events).isEmpty();
    }

    @Test
    void aBadFileIsRefusedOnceAndTheNextGoodOneIsTaken() throws Exception {
        Reload reload = reload();
        Files.writeString(file, "pools: []\nnonsense: 1\n");
        reload.look();
        reload.look();
        reload.look();
        assertThat(events).containsExactly("refused");
        Files.writeString(file, pool("first"));
        reload.look();
        reload.look();
        assertThat(events).containsExactly("refused", "first");
    }

    @Test
    void aFileThatIsGoneIsRefusedAndComesBack() throws Exception {
        Reload reload = reload();
        Files.delete(file);
        reload.look();
        reload.look();
        reload.look();
        Files.writeString(file, pool("second"));
        reload.look();
        reload.look();
        assertThat(events).containsExactly("refused", "second");
    }

    @Test
    void toldToItLoadsWhatThereIs() throws Exception {
        Reload reload = reload();
        reload.load();
        Files.writeString(file, pool("second"));
        reload.load();
        reload.look();
        reload.look();
        assertThat(events).containsExactly("first", "second");
    }

    @Test
    void anExchangedLinkIsSeenAlthoughTheNamedFileStays() throws Exception {
        Path named = folder.resolve("mounted.yaml");
        Path data = folder.resolve("..data");
        Files.writeString(Files.createDirectory(folder.resolve("..1")).resolve("mounted.yaml"), pool("first"));
        Files.writeString(Files.createDirectory(folder.resolve("..2")).resolve("mounted.yaml"), pool("second"));
        Files.createSymbolicLink(data, Path.of("..1"));
        Files.createSymbolicLink(named, Path.of("..data", "mounted.yaml"));
        file = named;
        Reload reload = reload();
        Path next = Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
        Files.move(next, data, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        reload.look();
        reload.look();
        assertThat(events).containsExactly("second");
    }

    @Test
    void whatWasRefusedForAFileThatComesLaterIsTakenThen() throws Exception {
        Reload reload = reload();
        Path key = folder.resolve("key");
        Files.writeString(file, "pools: [{name: second, engines: [\"http://h:1\"], key: {file: \"" + key + "\"}}]\n");
        look(reload, 3 * FileWatch.LOOKS_TO_RETRY);
        assertThat(events).containsExactly("refused");
        Files.writeString(key, "secret");
        look(reload, FileWatch.LOOKS_TO_RETRY);
        assertThat(events).containsExactly("refused", "second");
        look(reload, 3 * FileWatch.LOOKS_TO_RETRY);
        assertThat(events).hasSize(2);
    }

    @Test
    void whatCouldNotBePutInForceIsTriedAgainAndToldOnceForEachReason() throws Exception {
        FileContent content = FileContent.read(file);
        var followed = new ConfigWatch.Followed(file, content, content.config());
        List<String> obstacles = new ArrayList<>(List.of("one", "one", "other"));
        Reload reload = new Reload(
                followed,
                next -> {
                    if (!obstacles.isEmpty()) {
                        throw new IOException(obstacles.remove(0));
                    }
                    events.add("taken");
                },
                observer);
        Files.writeString(file, pool("second"));
        look(reload, 4 * FileWatch.LOOKS_TO_RETRY);
        assertThat(events).containsExactly("refused", "refused", "taken");
    }

    private static void look(Reload reload, int times) {
        for (int i = 0; i < times; i++) {
            reload.look();
        }
    }
}
