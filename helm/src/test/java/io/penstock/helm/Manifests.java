package io.penstock.helm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the chart rendered. Threading: immutable. */
record Manifests(List<JsonNode> all) {

    Stream<JsonNode> ofKind(String kind) {
        return all.stream().filter(manifest -> manifest.path("kind").asText().equals(kind));
    }

    boolean has(String kind) {
        return ofKind(kind).findAny().isPresent();
    }

    /** The only manifest of a kind, or of several the one whose name ends so. */
    JsonNode one(String kind, String end) {
        List<JsonNode> found =
                ofKind(kind).filter(manifest -> name(manifest).endsWith(end)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of kind " + kind + " with a name that ends in '" + end + "'");
        }
        return found.get(0);
    }

    /** The Deployment of the routers. */
    JsonNode router() {
        return ofKind("Deployment")
                .filter(manifest -> !name(manifest).endsWith("-engines"))
                .findFirst()
                .orElseThrow();
    }

    JsonNode routerPod() {
        return router().at("/spec/template/spec");
    }

    JsonNode routerContainer() {
        return routerPod().at("/containers/0");
    }

    /** The value of an environment variable of the router, or an empty text. */
    String env(String name) {
        for (JsonNode variable : routerContainer().path("env")) {
            if (variable.path("name").asText().equals(name)) {
                return variable.path("value").asText();
            }
        }
        return "";
    }

    /** The text of the route file. */
    String routeFile() {
        return one("ConfigMap", "-config").at("/data/penstock.yaml").asText();
    }

    static String name(JsonNode manifest) {
        return manifest.at("/metadata/name").asText();
    }

    /** Every value of a field of this name, at any depth. */
    static List<String> values(JsonNode tree, String field) {
        return new ArrayList<>(tree.findValuesAsText(field));
    }
}
