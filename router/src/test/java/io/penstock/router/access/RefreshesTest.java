package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import io.penstock.router.config.EngineKeyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that are read again. */
final class RefreshesTest {

    @TempDir
    private Path folder;

    private final LongAdder failures = new LongAdder();

    @Test
    void anEngineKeyThatCannotBeUsedIsAFailureUntilItCan() throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "old");
        EngineKey key = new EngineKey("chat", new EngineKeyConfig(null, file.toString()), name -> null);
        Refreshes refreshes = new Refreshes(() -> List.of(key), failures);
        Files.writeString(file, "two words");
        times(refreshes, 8);
        assertThat(failures.sum()).as("counted as long as it lasts").isEqualTo(7);
        assertThat(key.bearer()).isEqualTo("Bearer old");
        Files.writeString(file, "new");
        times(refreshes, 5);
        assertThat(failures.sum()).isEqualTo(8);
        assertThat(key.bearer()).isEqualTo("Bearer new");
    }

    @Test
    void everyKeyFileThatFailsIsNamed() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "k1");
        Path two = Files.writeString(folder.resolve("two"), "k2");
        ApiKeys keys = new ApiKeys(
                List.of(fileKey("a", one), fileKey("b", two)),
                Map.of("a", caller("a"), "b", caller("b")),
                name -> null);
        Files.delete(one);
        Files.delete(two);
        keys.refresh();
        assertThatThrownBy(keys::refresh)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(one.toString())
                .hasMessageContaining(two.toString());
    }

    @Test
    void whateverOneThrowsTheOthersAreRefreshed() {
        LongAdder refreshed = new LongAdder();
        Refreshed broken = () -> {
            throw new StackOverflowError();
        };
        Refreshes refreshes = new Refreshes(() -> List.of(broken, refreshed::increment), failures);
        times(refreshes, 2);
        assertThat(refreshed.sum()).isEqualTo(2);
        assertThat(failures.sum()).isEqualTo(2);
    }

    private static void times(Refreshes refreshes, int times) {
        for (int i = 0; i < times; i++) {
            refreshes.refresh();
        }
    }

    private static ClientKeyConfig fileKey(String name, Path file) {
        return new ClientKeyConfig(name, null, file.toString(), null, false, 0, 0);
    }

    private static Caller caller(String name) {
        return new Caller(Caller.Kind.KEY, name, false, RateLimit.NONE, null);
    }
}
