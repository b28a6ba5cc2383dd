package io.penstock.router.tokenize.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A Python generator: can be walked once, and what it yields is worked out on the way.
 *
 * <p>Threading: confined to one rendering.
 */
record Lazy(Iterator<Object> iterator) {

    static Lazy mapped(Iterator<Object> items, UnaryOperator<Object> mapping) {
        return new Lazy(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                return mapping.apply(items.next());
            }
        });
    }

    static Lazy kept(Iterator<Object> items, Predicate<Object> keeps) {
        return new Lazy(new Iterator<>() {
            private @Nullable Object found;

            @Override
            public boolean hasNext() {
                while (found == null && items.hasNext()) {
                    Object item = items.next();
                    found = keeps.test(item) ? item : null;
                }
                return found != null;
            }

            @Override
            public Object next() {
                Object next = hasNext() ? found : null;
                if (next == null) {
                    throw new NoSuchElementException();
                }
                found = null;
                return next;
            }
        });
    }
}
