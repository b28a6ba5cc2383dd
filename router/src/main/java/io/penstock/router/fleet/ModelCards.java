package io.penstock.router.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An engine's answer to {@code GET /v1/models} as cards. Threading: any thread. */
final class ModelCards {

    /** More models on one engine are not taken in. */
    static final int MAX_CARDS = 1000;

    /** vLLM makes these anew for every answer, so they say nothing about whether a card has changed. */
    private static final Set<String> VOLATILE = Set.of("created", "permission");

    private static final int MAX_ID_CHARS = 512;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ModelCards() {}

    /** The cards of an answer in its order, without doubles; empty if it is not a model list. */
    static List<ModelCard> parse(String body) {
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        try {
            for (JsonNode card : JSON.readTree(body).path("data")) {
                String id = card.path("id").asText("");
                if (!id.isEmpty() && id.length() <= MAX_ID_CHARS && cards.size() < MAX_CARDS) {
                    cards.putIfAbsent(id, new ModelCard(id, card.toString()));
                }
            }
        } catch (JsonProcessingException notJson) {
            return List.of();
        }
        return List.copyOf(cards.values());
    }

    /** The card of a model of which only the name is known. */
    static ModelCard named(String id) {
        return new ModelCard(
                id, JSON.createObjectNode().put("id", id).put("object", "model").toString());
    }

    /** True if both lists say the same, apart from what engines make anew for every answer. */
    static boolean sayTheSame(List<ModelCard> one, List<ModelCard> other) {
        return lasting(one).equals(lasting(other));
    }

    private static List<JsonNode> lasting(List<ModelCard> cards) {
        return cards.stream().map(ModelCards::lasting).toList();
    }

    private static JsonNode lasting(ModelCard card) {
        try {
            ObjectNode node = (ObjectNode) JSON.readTree(card.json());
            return node.remove(VOLATILE);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a card that was JSON no longer is: " + card.id(), impossible);
        }
    }
}
