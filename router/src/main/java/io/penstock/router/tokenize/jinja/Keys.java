package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Map;

/**
 * The keys of dictionaries: text is one key whether marked or not, and lists and dictionaries are none.
 *
 * <p>Threading: pure functions.
 */
final class Keys {

    private Keys() {}

    static Object of(Object value) {
        if (value instanceof List || value instanceof Map || value instanceof DictView) {
            throw TemplateException.runtime("a " + Types.name(value) + " cannot be a key");
        }
        return value instanceof Markup markup ? markup.text() : value;
    }
}
