package io.penstock.router.fleet;

import io.penstock.router.config.PoolConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which models exist and which pools serve them. What the configuration names for a pool wins; else it is what the
 * pool's engines listed last, adapters included. A model stays known while its engines are down. Part of a
 * {@link FleetSnapshot}.
 *
 * <p>Threading: immutable.
 */
public final class ModelDirectory {

    private final Map<String, ModelCard> cards = new LinkedHashMap<>();
    private final Map<String, List<String>> pools = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Engine>>> lacking = new LinkedHashMap<>();
    private final Set<String> unlearned = new LinkedHashSet<>();

    /** A directory of these pools, in the order of the configuration. */
    ModelDirectory(List<PoolModels> all) {
        for (PoolModels pool : all) {
            Map<String, ModelCard> listed = pool.cards();
            for (String model : pool.names()) {
                pools.computeIfAbsent(model, m -> new ArrayList<>()).add(pool.pool());
                ModelCard card = listed.get(model);
                if (card != null) {
                    cards.putIfAbsent(model, card);
                }
            }
            if (pool.names().isEmpty()) {
                unlearned.add(pool.pool());
            }
            lacking.put(pool.pool(), pool.lacking());
        }
    }

    /** A directory of the engines that take requests; those that only prefill do it for models of others. */
    static ModelDirectory of(List<Pool> groups) {
        return new ModelDirectory(groups.stream()
                .filter(group -> !PoolConfig.isPrefill(group.name()))
                .map(Pool::models)
                .toList());
    }

    /** Every model, in the order of pools. */
    public Set<String> names() {
        return pools.keySet();
    }

    /**
     * The listed name behind a model as a client writes it: the same, or what comes before the first colon, as SGLang
     * takes {@code base:adapter}; null if neither is listed.
     */
    public @Nullable String listed(String model) {
        if (pools.containsKey(model)) {
            return model;
        }
        int colon = model.indexOf(':');
        String base = colon < 0 ? model : model.substring(0, colon);
        return pools.containsKey(base) ? base : null;
    }

    /** The pools that serve a model, in the order of the configuration; none if it is unknown. */
    public List<String> poolsOf(String model) {
        return pools.getOrDefault(listed(model), List.of());
    }

    /** True if this pool serves the model. */
    public boolean serves(String pool, String model) {
        return poolsOf(model).contains(pool);
    }

    /** True if no model of this pool is known: none is configured and no engine has listed any yet. */
    public boolean isUnlearned(String pool) {
        return unlearned.contains(pool);
    }

    /**
     * The engines of a pool that are known not to serve a model, while others of it do, as an adapter may be loaded on
     * some only; usually none, and none without a model.
     */
    public List<Engine> lacking(String pool, @Nullable String model) {
        return model == null ? List.of() : lacking.getOrDefault(pool, Map.of()).getOrDefault(listed(model), List.of());
    }

    /** The card an engine gave for a model, or null if none did. */
    public @Nullable ModelCard card(String model) {
        return cards.get(model);
    }
}
