package io.penstock.router.tokenize.jinja;

import java.util.List;

/**
 * What a value is assigned to.
 *
 * <p>Threading: immutable.
 */
sealed interface Target {

    void assign(Object value, Scope scope);

    record Variable(String name) implements Target {
        @Override
        public void assign(Object value, Scope scope) {
            scope.set(name, value);
        }
    }

    /** {@code namespace.name}. */
    record Attribute(String namespace, String name) implements Target {
        @Override
        public void assign(Object value, Scope scope) {
            if (!(scope.get(namespace) instanceof Namespace found)) {
                throw TemplateException.runtime("'" + namespace + "' is not a namespace: its attributes cannot be set");
            }
            found.attributes().put(name, value);
        }
    }

    /** {@code a, b}. */
    record Several(List<Target> targets) implements Target {
        @Override
        public void assign(Object value, Scope scope) {
            if (value instanceof Undefined undefined) {
                throw undefined.failure();
            }
            List<Object> values = Sequences.list(value);
            if (values.size() != targets.size()) {
                throw TemplateException.runtime(values.size() + " values for " + targets.size() + " variables");
            }
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).assign(values.get(i), scope);
            }
        }
    }
}
