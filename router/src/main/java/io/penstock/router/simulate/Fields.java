package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's body, read as strictly as vLLM's schema reads them; null counts as absent. Every method
 * throws {@link RequestRefused} when the field has the wrong type. Threading: immutable by agreement.
 */
record Fields(ObjectNode object) {

    JsonNode get(String name) {
        JsonNode value = object.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    JsonNode required(String name) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            throw new RequestRefused(EngineError.schema("missing", name, "Field required"));
        }
        return value;
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new RequestRefused(EngineError.schema("string_type", name, "Input should be a valid string"));
        }
        return value.textValue();
    }

    boolean flag(String name) {
        JsonNode value = get(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new RequestRefused(EngineError.schema("bool_parsing", name, "Input should be a valid boolean"));
        }
        return value.booleanValue();
    }

    /** A whole number of at least {@code least}, or {@code otherwise} where there is none. */
    int number(String name, int least, int otherwise) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.canConvertToExactIntegral()) {
            throw new RequestRefused(EngineError.schema("int_parsing", name, "Input should be a valid integer"));
        }
        if (value.intValue() < least) {
            throw new RequestRefused(EngineError.badRequest(
                    name + " must be at least " + least + ", got " + value.intValue() + ".", name));
        }
        return value.intValue();
    }

    /** One text or a list of them. */
    List<String> texts(String name) {
        JsonNode value = get(name);
        List<String> texts = new ArrayList<>();
        if (value.isTextual()) {
            texts.add(value.textValue());
        }
        for (JsonNode element : value.isArray() ? value : MissingNode.getInstance()) {
            if (!element.isTextual()) {
                throw new RequestRefused(EngineError.schema("string_type", name, "Input should be a valid string"));
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** One object's fields, empty where there is none. */
    Fields inner(String name) {
        return new Fields(get(name) instanceof ObjectNode inner ? inner : Json.object());
    }
}
