package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.metrics.MetricNames;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds what the documents say to the code: packages, classes, failures, metrics, configurations, commands and links. */
final class DocumentationTest {

    private static final Path ROOT = root();
    private static final Pattern PACKAGE = Pattern.compile("`(io\\.penstock[a-z.]*)`");
    private static final Pattern CLASS = Pattern.compile("`((?:[A-Z][a-z0-9]+){2,}(?:IT|Test)?)`");
    private static final Pattern METRIC = Pattern.compile("penstock_[a-z_]+");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

    /** Names of other projects' classes that the pages speak of. */
    private static final Set<String> FOREIGN =
            Set.of("ByteBuf", "EmbeddedChannel", "FixedChannelPool", "NoClassDefFoundError", "NullMarked");

    @Test
    void everyPackageStandsOnTheArchitecturePageAndNoOther() throws IOException {
        assertThat(found(PACKAGE, read("docs/architecture.md"))).isEqualTo(packages());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyClassAPageNamesExists(String page) throws IOException {
        Set<String> named = found(CLASS, read(page));
        named.removeAll(FOREIGN);
        assertThat(classes()).containsAll(named);
    }

    @Test
    void theTableOfFailuresIsTheEnum() throws IOException {
        List<String> rows = Arrays.stream(FailureKind.values())
                .map(kind -> "| `" + kind.label() + "` | " + kind.status() + " | `" + kind.type() + "` | "
                        + kind.fault().name().toLowerCase(Locale.ROOT) + " |")
                .toList();
        assertThat(read("docs/architecture.md")).contains("\n" + String.join("\n", rows) + "\n\n");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyMetricAPageNamesExists(String page) throws IOException {
        assertThat(metrics()).containsAll(found(METRIC, read(page)));
    }

    @Test
    void everyMetricIsExplainedOnTheOperationsPage() throws IOException {
        assertThat(found(METRIC, read("docs/operations.md"))).containsAll(metrics());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyConfigurationShownLoads(String page, String yaml) {
        assertThatCode(() -> ConfigLoader.parse(yaml)).as(page).doesNotThrowAnyException();
    }

    @Test
    void theReadmesTestCommandIsWhatTheBuildServerRuns() throws IOException {
        List<String> last =
                read(".ci/run").lines().filter(line -> line.startsWith("exec ")).toList();
        assertThat(last).hasSize(1);
        assertThat(shell("README.md")).contains(last.get(0).substring("exec ".length()));
    }

    @Test
    void theReadmesFirstCommandStartsWhatTheBuildMakes() throws IOException {
        List<String> words = List.of(shell("README.md").get(0).split(" ", -1));
        String launcher = words.get(words.indexOf("&&") + 1);
        assertThat(words).startsWith("mvn").endsWith("package", "&&", launcher, "demo");
        assertThat(launcher).isEqualTo("router/target/penstock/bin/penstock");
        assertThat(read("router/pom.xml")).contains("<finalName>penstock</finalName>");
        assertThat(ROOT.resolve("router/src/main/dist/bin/penstock")).isExecutable();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkToAFileLeadsSomewhere(String page) throws IOException {
        Path folder = Objects.requireNonNull(ROOT.resolve(page).getParent());
        assertThat(found(LINK, read(page)).stream().filter(link -> !link.startsWith("https://")))
                .allSatisfy(link -> assertThat(folder.resolve(link)).exists());
    }

    static List<String> pages() throws IOException {
        List<String> pages = new ArrayList<>();
        for (String folder : List.of("", "docs", "docs/decisions", "helm")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.map(file -> ROOT.relativize(file).toString())
                        .filter(file -> file.endsWith(".md"))
                        .sorted()
                        .forEach(pages::add);
            }
        }
        assertThat(pages).contains("README.md", "docs/architecture.md");
        return pages;
    }

    static List<String[]> configurations() throws IOException {
        List<String[]> found = new ArrayList<>();
        for (String page : List.of("README.md", "docs/configuration.md", "docs/architecture.md", "CONTRIBUTING.md")) {
            blocks(page, "yaml").forEach(yaml -> found.add(new String[] {page, yaml}));
        }
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/examples"))) {
            for (Path file : files.sorted().toList()) {
                found.add(new String[] {file.getFileName().toString(), Files.readString(file)});
            }
        }
        assertThat(found).extracting(shown -> shown[0]).contains("README.md", "full.yaml");
        return found;
    }

    private static Set<String> metrics() {
        return Arrays.stream(MetricNames.class.getFields())
                .map(DocumentationTest::text)
                .collect(Collectors.toSet());
    }

    private static List<String> shell(String page) throws IOException {
        return blocks(page, "sh").stream().flatMap(String::lines).toList();
    }

    private static List<String> blocks(String page, String language) throws IOException {
        return FENCE.matcher(read(page))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static Set<String> packages() throws IOException {
        return sources("main", List.of("proxy-core", "router")).stream()
                .filter(file -> file.endsWith("package-info.java"))
                .map(file -> file.substring(file.lastIndexOf("/java/") + 6, file.lastIndexOf('/'))
                        .replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> classes() throws IOException {
        List<String> files = new ArrayList<>(sources("main", List.of("proxy-core", "router")));
        files.addAll(sources("test", List.of("proxy-core", "router", "integration-tests", "helm")));
        return files.stream()
                .map(file -> file.substring(file.lastIndexOf('/') + 1).replace(".java", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> sources(String kind, List<String> modules) throws IOException {
        List<String> files = new ArrayList<>();
        for (String module : modules) {
            Path folder = ROOT.resolve(module).resolve("src").resolve(kind).resolve("java");
            try (Stream<Path> all = Files.walk(folder)) {
                all.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(files::add);
            }
        }
        return files;
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(DocumentationTest::lastGroup)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String lastGroup(MatchResult match) {
        return match.group(match.groupCount());
    }

    private static String text(Field constant) {
        try {
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("proxy-core")) ? here : Objects.requireNonNull(here.getParent());
    }
}
