package io.penstock.router.tokenize.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a macro.
 *
 * @param used which of {@code varargs}, {@code kwargs} and {@code caller} its body uses: only those may be passed to it
 *
 * <p>Threading: immutable.
 */
record Signature(List<Parameter> parameters, Set<String> used) {

    static final Set<String> IMPLICIT = Set.of("varargs", "kwargs", "caller");

    /** @param otherwise its default, null where it has none */
    record Parameter(String name, @Nullable Expr otherwise) {}

    boolean uses(String implicit) {
        return used.contains(implicit);
    }

    boolean has(String name) {
        return parameters.stream().anyMatch(parameter -> parameter.name.equals(name));
    }
}
