package io.penstock.router.tokenize.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code loop}: where a loop is, and in a recursive one the function that walks the next level.
 *
 * <p>Threading: confined to one rendering.
 */
final class LoopState implements Callable {

    private final List<Object> items;
    private final int depth;
    private final @Nullable Callable recursion;
    private int index;
    private @Nullable Object last;

    /** @param depth from 0 */
    LoopState(List<Object> items, int depth, @Nullable Callable recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    void moveTo(int place) {
        index = place;
    }

    int depth() {
        return depth;
    }

    int length() {
        return items.size();
    }

    @Override
    public Object call(Arguments arguments, Scope scope) {
        if (recursion == null) {
            throw TemplateException.runtime("'loop' can be called only in a loop marked 'recursive'");
        }
        return recursion.call(arguments, scope);
    }

    @Nullable
    Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
            case "nextitem" ->
                index + 1 == items.size() ? new Undefined("there is no next item") : items.get(index + 1);
            case "cycle" -> (Callable) (arguments, scope) -> cycle(arguments);
            case "changed" -> (Callable) (arguments, scope) -> changed(new Tuple(arguments.positional()));
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + items.size() + ">";
    }

    private Object cycle(Arguments arguments) {
        List<Object> choices = arguments.positional();
        if (choices.isEmpty()) {
            throw TemplateException.runtime("'cycle' needs items");
        }
        return choices.get(index % choices.size());
    }

    private boolean changed(Object value) {
        boolean changed = last == null || !Comparisons.equal(last, value);
        last = value;
        return changed;
    }
}
