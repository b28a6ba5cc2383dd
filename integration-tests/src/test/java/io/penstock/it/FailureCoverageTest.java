package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every kind of failure is brought about by some integration test, or by nothing at all yet. */
final class FailureCoverageTest {

    @Test
    void everyKindThatTheRouterProducesIsTested() throws IOException {
        Set<FailureKind> produced = namedIn(mainSources());
        Set<FailureKind> tested = namedIn(integrationTests());
        assertThat(tested).containsAll(produced);
    }

    @Test
    void everyKindIsProduced() throws IOException {
        Set<FailureKind> unused = EnumSet.complementOf(EnumSet.copyOf(namedIn(mainSources())));
        assertThat(unused).isEmpty();
    }

    private static Set<FailureKind> namedIn(List<Path> files) throws IOException {
        Set<FailureKind> named = EnumSet.noneOf(FailureKind.class);
        for (Path file : files) {
            String text = Files.readString(file);
            Arrays.stream(FailureKind.values())
                    .filter(kind -> text.matches("(?s).*\\bFailureKind\\." + kind.name() + "\\b.*"))
                    .forEach(named::add);
        }
        return named;
    }

    /** Without the table itself and its rendering, which name every kind. */
    private static List<Path> mainSources() throws IOException {
        return SourceRulesTest.sources("main").stream()
                .filter(file -> !file.toString().contains("proxy" + java.io.File.separator + "failure"))
                .toList();
    }

    private static List<Path> integrationTests() throws IOException {
        try (Stream<Path> all = SourceRulesTest.sources("test").stream()) {
            return all.filter(file -> file.toString().endsWith("IT.java")).toList();
        }
    }
}
