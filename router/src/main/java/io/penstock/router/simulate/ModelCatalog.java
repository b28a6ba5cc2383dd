package io.penstock.router.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names the engine answers to, and their cards. Threading: immutable. */
final class ModelCatalog {

    private final List<SimulatedModel> models;
    private final int maxModelLength;
    private final long created;

    ModelCatalog(SimulatedEngineOptions options) {
        this.models = options.models();
        this.maxModelLength = options.maxModelLength();
        this.created = options.clock().instant().getEpochSecond();
    }

    /** The name of the base model. */
    String base() {
        return models.get(0).id();
    }

    /**
     * The model a request names; the base model if it names none.
     *
     * @throws RequestRefused if there is no such model
     */
    String resolve(@Nullable String name) {
        if (name == null || name.isEmpty()) {
            return base();
        }
        if (models.stream().noneMatch(model -> model.id().equals(name))) {
            throw new RequestRefused(EngineError.unknownModel(name));
        }
        return name;
    }

    /** The answer of {@code /v1/models}. */
    ObjectNode json() {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode cards = list.putArray("data");
        for (SimulatedModel model : models) {
            card(cards.addObject(), model);
        }
        return list;
    }

    private void card(ObjectNode card, SimulatedModel model) {
        card.put("id", model.id()).put("object", "model").put("created", created);
        card.put("owned_by", "vllm").put("root", model.root()).put("parent", model.parent());
        card.put("max_model_len", maxModelLength);
        ObjectNode permission = card.putArray("permission").addObject();
        permission.put("id", "modelperm-" + model.id()).put("object", "model_permission");
        permission.put("created", created).put("allow_sampling", true).put("allow_logprobs", true);
    }
}
