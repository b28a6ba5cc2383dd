package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Budgets and habits that show only in the source text of all modules. */
final class SourceRulesTest {

    private static final int MAIN_LINES = 300;
    private static final int TEST_LINES = 400;
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|@author\\b");

    @Test
    void mainFilesAreShort() throws IOException {
        assertThat(offences("main", text -> tooLong(text, MAIN_LINES))).isEmpty();
    }

    @Test
    void testFilesAreShort() throws IOException {
        assertThat(offences("test", text -> tooLong(text, TEST_LINES))).isEmpty();
    }

    @Test
    void nothingIsLeftUnfinishedAndNobodySigns() throws IOException {
        assertThat(offences("main", text -> UNFINISHED.matcher(text).find() ? "unfinished or signed" : null))
                .isEmpty();
    }

    @Test
    void everyClassSaysHowItIsThreaded() throws IOException {
        assertThat(offences("main", text -> {
                    boolean annotation = text.contains("public @interface");
                    boolean describesPackage = text.contains("\npackage ") && text.startsWith("/**");
                    return annotation || describesPackage || text.contains("Threading:") ? null : "no Threading: line";
                }))
                .isEmpty();
    }

    private static @Nullable String tooLong(String text, int limit) {
        long lines = text.lines().count();
        return lines > limit ? lines + " lines, at most " + limit : null;
    }

    private static List<String> offences(String kind, Function<String, @Nullable String> rule) throws IOException {
        List<String> offences = new ArrayList<>();
        int files = 0;
        for (Path file : sources(kind)) {
            files++;
            String offence = rule.apply(Files.readString(file));
            if (offence != null) {
                offences.add(file.getFileName() + ": " + offence);
            }
        }
        assertThat(files).as("source files seen").isGreaterThan(10);
        return offences;
    }

    static List<Path> sources(String kind) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("proxy-core", "router", "integration-tests", "helm")) {
            Path folder = root().resolve(module).resolve("src").resolve(kind).resolve("java");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("proxy-core")) ? here : Objects.requireNonNull(here.getParent());
    }
}
