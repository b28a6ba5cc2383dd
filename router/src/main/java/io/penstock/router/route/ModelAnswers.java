package io.penstock.router.route;

import io.penstock.router.fleet.ModelCard;
import io.penstock.router.fleet.ModelDirectory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The router's own answers to {@code /v1/models} and {@code /v1/models/{id}}: the models of all pools, on the cards
 * their engines gave, and the names that routes give to models. Rendered once for each directory.
 *
 * <p>Threading: any thread; the rendered answer is published by one volatile write, and two threads may render the same.
 */
final class ModelAnswers {

    private static final String LIST_START = "{\"object\":\"list\",\"data\":[";
    private static final String LIST_END = "]}";

    private final Map<String, String> aliases;
    private volatile @Nullable Rendered last;

    /** Lists {@code aliases} beside the models; each names the model behind it. */
    ModelAnswers(Map<String, String> aliases) {
        this.aliases = aliases;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Rendered(ModelDirectory directory, byte[] list, Map<String, byte[]> cards) {}

    /** The whole list; not to be written to. */
    byte[] list(ModelDirectory directory) {
        return rendered(directory).list();
    }

    /** The list of those models that {@code shown} lets pass. */
    byte[] list(ModelDirectory directory, Predicate<String> shown) {
        return rendered(directory).cards().entrySet().stream()
                .filter(card -> shown.test(card.getKey()))
                .map(card -> new String(card.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", LIST_START, LIST_END))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** One model's card, or null if there is no such model; not to be written to. */
    byte @Nullable [] card(ModelDirectory directory, String model) {
        return rendered(directory).cards().get(model);
    }

    private Rendered rendered(ModelDirectory directory) {
        Rendered rendered = last;
        if (rendered == null || rendered.directory() != directory) {
            rendered = render(directory);
            last = rendered;
        }
        return rendered;
    }

    private Rendered render(ModelDirectory directory) {
        Map<String, String> cards = new LinkedHashMap<>();
        directory.names().forEach(name -> cards.put(name, cardOf(directory.card(name), name, name)));
        aliases.forEach(
                (alias, model) -> cards.computeIfAbsent(alias, name -> cardOf(directory.card(model), name, model)));
        String list = cards.values().stream().collect(Collectors.joining(",", LIST_START, LIST_END));
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        cards.forEach((name, card) -> bytes.put(name, card.getBytes(StandardCharsets.UTF_8)));
        return new Rendered(directory, list.getBytes(StandardCharsets.UTF_8), bytes);
    }

    private static String cardOf(@Nullable ModelCard given, String name, String model) {
        return given != null && name.equals(model) ? given.json() : AliasCard.of(given, name, model);
    }
}
