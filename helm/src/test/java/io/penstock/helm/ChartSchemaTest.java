package io.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values' schema knows the whole configuration: each key, its type and its range, as the router declares them. */
final class ChartSchemaTest {

    private static final int WIDTH = 140;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Chart chart = new Chart();

    @Test
    void theSchemaOfTheConfigurationIsWhatTheRouterDeclares() throws IOException {
        ObjectNode schema =
                (ObjectNode) JSON.readTree(Chart.text(Chart.folder().resolve("penstock/values.schema.json")));
        ObjectNode made = schema.deepCopy();
        made.withObject("/definitions").set("config", ConfigSchema.ofFile());
        Path file = Chart.folder().resolve("target/values.schema.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text(made, 0) + "\n");
        assertThat(schema.at("/definitions/config"))
                .as("the configuration has changed: copy helm/target/values.schema.json to helm/penstock")
                .isEqualTo(JSON.readTree(made.toString()).at("/definitions/config"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleOfTheDocumentsIsAValue(Path example) throws ConfigException {
        // probes reach no loopback address
        String file = Chart.text(example).replace("127.0.0.1", "0.0.0.0");
        Manifests rendered = chart.render("config:\n" + file.indent(2));
        assertThatCode(() -> ConfigLoader.parse(rendered.routeFile())).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sever: { port: 8080 }",
                "server: { maxbody: 1MiB }",
                "server: { maxBody: 64MB }",
                "server: { port: 0 }",
                "server: { accessLog: on }",
                "server: { accessLog: some }",
                "connections: { maxStreams: 0 }",
                "pools: [{ name: a, engines: [http://a:1], models: [1.10] }]",
                "pools: [{ name: a, engines: [http://a:1], models: [no] }]",
                "pools: [{ name: a, engines: [http://a:1], policy: fastest }]",
                "pools: [{ name: a, engines: [http://a:1], policy: { type: session, loadBound: 0.5 } }]",
                "pools: [{ name: a, engines: [http://a:1], limits: { waiting: -1 } }]",
                "pools: [{ name: a }]",
                "tokenizers: [{ name: a, type: sentencepiece }]",
                "tokenizers: [{ name: a, type: tiktoken, cache: 64 }]",
                "access: { keys: [{ file: /etc/penstock/secrets/a }] }",
                "routes: [{ name: a, to: [{ pool: default }], streamInterval: 8 }]",
                "routes: [{ name: a, to: [{ pool: default }], retries: { attempts: 11 } }]",
                "routes: [{ name: a, to: [{ pool: default }], match: { headers: { a: 1 } } }]",
                "tracing: { sampling: 0.5 }"
            })
    void whatTheRouterWouldRefuseIsRefusedBeforeAnythingChanges(String config) {
        assertThatThrownBy(() -> chart.render("config:\n" + config.indent(2)))
                .hasMessageContaining("values don't meet the specifications");
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Chart.folder().resolve("../docs/examples"))) {
            return files.sorted().toList();
        }
    }

    /** JSON with each value on one line that fits there. */
    private static String text(JsonNode value, int indent) {
        String line =
                value.toString().replace("\":", "\": ").replace(",\"", ", \"").replace("},{", "}, {");
        if (!value.isContainerNode() || value.isEmpty() || indent + line.length() <= WIDTH) {
            return line;
        }
        List<String> parts = new ArrayList<>();
        value.properties()
                .forEach(each -> parts.add("\"" + each.getKey() + "\": " + text(each.getValue(), indent + 2)));
        value.elements().forEachRemaining(each -> {
            if (value.isArray()) {
                parts.add(text(each, indent + 2));
            }
        });
        String margin = " ".repeat(indent);
        String inner = String.join(",\n  " + margin, parts);
        return value.isArray()
                ? "[\n  " + margin + inner + "\n" + margin + "]"
                : "{\n  " + margin + inner + "\n" + margin + "}";
    }
}
