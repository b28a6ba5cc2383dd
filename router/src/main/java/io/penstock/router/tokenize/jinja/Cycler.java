package io.penstock.router.tokenize.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code cycler()} gives: its items one after the other, again and again.
 *
 * <p>Threading: confined to one rendering.
 */
final class Cycler {

    private final List<Object> items;
    private int position;

    Cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw TemplateException.runtime("'cycler' needs items");
        }
        this.items = items;
    }

    @Nullable
    Object attribute(String name) {
        return switch (name) {
            case "current" -> items.get(position);
            case "items" -> new Tuple(items);
            case "pos" -> (long) position;
            case "next" ->
                (Callable) (arguments, scope) -> {
                    arguments.none("next");
                    Object item = items.get(position);
                    position = (position + 1) % items.size();
                    return item;
                };
            case "reset" ->
                (Callable) (arguments, scope) -> {
                    arguments.none("reset");
                    position = 0;
                    return None.NONE;
                };
            default -> null;
        };
    }
}
