package io.penstock.router.fleet;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One pool's models, as configured and as its engines listed them. Threading: immutable.
 *
 * @param pool the pool
 * @param configured the models the configuration names for it; empty to go by what engines list
 * @param listed what each engine listed last; empty for one that has not yet
 */
record PoolModels(String pool, List<String> configured, Map<Engine, List<ModelCard>> listed) {

    /** The models it serves; empty if nothing is known yet. */
    Collection<String> names() {
        return configured.isEmpty() ? cards().keySet() : configured;
    }

    /** The first card of each listed model. */
    Map<String, ModelCard> cards() {
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        listed.values().forEach(list -> list.forEach(card -> cards.putIfAbsent(card.id(), card)));
        return cards;
    }

    /**
     * For each model that some engines list and others do not, those others. An engine that has listed nothing may serve
     * anything.
     */
    Map<String, List<Engine>> lacking() {
        Map<Engine, Set<String>> ids = new LinkedHashMap<>();
        listed.forEach((engine, cards) -> {
            if (!cards.isEmpty()) {
                Set<String> its = new LinkedHashSet<>();
                cards.forEach(card -> its.add(card.id()));
                ids.put(engine, its);
            }
        });
        Map<String, List<Engine>> lacking = new LinkedHashMap<>();
        for (String model : cards().keySet()) {
            List<Engine> without = ids.keySet().stream()
                    .filter(engine -> !ids.getOrDefault(engine, Set.of()).contains(model))
                    .toList();
            if (!without.isEmpty()) {
                lacking.put(model, without);
            }
        }
        return lacking;
    }
}
