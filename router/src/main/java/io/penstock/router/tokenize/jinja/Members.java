package io.penstock.router.tokenize.jinja;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code a.b} and {@code a['b']} find: the first looks for a method before an item, the second for an item before a method. What
 * would change a list or dictionary, or lead into Python itself, is not there, as in Jinja's immutable sandbox.
 *
 * <p>Threading: pure functions.
 */
final class Members {

    private Members() {}

    static Object attribute(Object target, String name) {
        if (target instanceof Undefined undefined) {
            throw undefined.failure();
        }
        Object own = own(target, name);
        if (own != null) {
            return own;
        }
        Object item = target instanceof Map<?, ?> map ? map.get(name) : null;
        return item == null ? Undefined.attribute(target, name) : item;
    }

    static Object item(Object target, Object key) {
        if (target instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (target instanceof Map<?, ?> map && isHashable(key)) {
            Object item = map.get(Keys.of(key));
            if (item != null) {
                return item;
            }
        } else if (Sequences.isIndexed(target) && (Types.isInteger(key) || key instanceof Boolean)) {
            return Slicing.item(target, key);
        }
        Object own = Types.isText(key) ? own(target, key.toString()) : null;
        return own == null ? Undefined.attribute(target, Types.isText(key) ? "this key" : Types.name(key)) : own;
    }

    private static boolean isHashable(Object key) {
        return !(key instanceof java.util.List || key instanceof Map || key instanceof DictView);
    }

    /** What belongs to the value itself and is not one of its items. */
    private static @Nullable Object own(Object target, String name) {
        if (name.startsWith("__") && name.endsWith("__")) {
            return new Undefined("access to '" + name + "' is unsafe");
        }
        if (Types.isText(target)) {
            return TextMethods.of(target, name);
        }
        if (target instanceof Map<?, ?> map) {
            return DictMethods.of(map, name);
        }
        if (target instanceof Namespace namespace) {
            return namespace.attributes().get(name);
        }
        if (target instanceof LoopState loop) {
            return loop.attribute(name);
        }
        if (target instanceof Macro macro) {
            return macro.attribute(name);
        }
        if (target instanceof Cycler cycler) {
            return cycler.attribute(name);
        }
        return Sequences.isIndexed(target) ? ListMethods.of(target, name) : null;
    }
}
