package io.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The chart of this repository in the hands of Helm. Threading: the test's thread. */
final class Chart {

    static final String RELEASE = "try";
    static final String NAMESPACE = "gates";

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Helm helm = new Helm(folder().resolve("penstock"));

    /** The folder {@code helm} of the repository. */
    static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("penstock/templates")) ? here : here.resolve("helm");
    }

    /** The documents of a YAML text. */
    static List<JsonNode> documents(String yaml) {
        try (var found = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return found.readAll().stream().filter(JsonNode::isObject).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The chart's defaults and every values file that a reader is pointed to, and the one that sets everything. */
    static List<Path> valuesFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        files.add(folder().resolve("penstock/values.yaml"));
        files.add(folder().resolve("src/test/resources/everything.yaml"));
        try (Stream<Path> all = Files.walk(folder().resolve("examples"))) {
            all.filter(file -> file.endsWith("values.yaml")).sorted().forEach(files::add);
        }
        return files;
    }

    LintResult lint() {
        return helm.lint().strict().call();
    }

    /** @throws RuntimeException with Helm's own words, if the schema or a template refuses the values */
    Manifests render(Path values) {
        String rendered = helm.template()
                .withName(RELEASE)
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.33.0")
                .withValuesFile(values)
                .call();
        return new Manifests(documents(Objects.requireNonNull(rendered)));
    }

    /** As {@link #render(Path)}, with the text of a values file. */
    Manifests render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                return render(Files.writeString(file, values));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
