package io.penstock.router.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.penstock.router.fleet.ModelCard;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The card of a name that a route gives to a model, or of a model that no engine has listed yet: the model's own card
 * under that name, with what every client expects of a card filled in. Threading: any thread.
 */
final class AliasCard {

    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> EXPECTED = List.of("object", "created", "owned_by", "root");

    private AliasCard() {}

    /** The card of {@code name}, which stands for {@code model}, as JSON. */
    static String of(@Nullable ModelCard given, String name, String model) {
        StringWriter card = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(card)) {
            json.writeStartObject();
            json.writeStringField("id", name);
            Set<String> missing = new LinkedHashSet<>(EXPECTED);
            if (given != null) {
                copy(given, json, missing);
            }
            for (String field : missing) {
                write(field, model, json);
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("a card that was JSON no longer is: " + model, impossible);
        }
        return card.toString();
    }

    private static void copy(ModelCard given, JsonGenerator to, Set<String> missing) throws IOException {
        try (JsonParser from = JSON.createParser(given.json())) {
            from.nextToken();
            for (String field = from.nextFieldName(); field != null; field = from.nextFieldName()) {
                from.nextToken();
                if (field.equals("id")) {
                    from.skipChildren();
                } else {
                    to.writeFieldName(field);
                    to.copyCurrentStructure(from);
                    missing.remove(field);
                }
            }
        }
    }

    private static void write(String field, String model, JsonGenerator to) throws IOException {
        switch (field) {
            case "object" -> to.writeStringField(field, "model");
            case "created" -> to.writeNumberField(field, 0);
            case "owned_by" -> to.writeStringField(field, "penstock");
            default -> to.writeStringField(field, model);
        }
    }
}
