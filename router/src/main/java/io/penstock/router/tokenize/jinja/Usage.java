package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The loops and assignments of a template, wherever they stand, to find out what it does with its variables.
 *
 * <p>Threading: immutable.
 */
record Usage(List<Branching.For> loops, List<Assignment.Set> assignments) {

    /**
     * Whether some loop walks this field of an item of this list, such as the {@code content} of one of the {@code messages}. Scopes do
     * not count, names do. As the reference gives up where such a list is taken apart into several variables, so does this.
     */
    boolean walks(String list, String field) {
        Set<String> lists = new TreeSet<>(Set.of(list));
        boolean more = true;
        while (more) {
            more = false;
            for (Assignment.Set set : assignments) {
                if (lists.stream().anyMatch(name -> isPartOf(set.value(), name, null))) {
                    if (!(set.target() instanceof Target.Variable variable)) {
                        return false;
                    }
                    more |= lists.add(variable.name());
                }
            }
        }
        Set<String> items = new TreeSet<>();
        for (Branching.For loop : loops) {
            if (lists.stream().anyMatch(name -> isPartOf(loop.items(), name, null))) {
                if (!(loop.target() instanceof Target.Variable variable)) {
                    return false;
                }
                items.add(variable.name());
            }
        }
        return loops.stream()
                .filter(loop -> items.stream().anyMatch(name -> isPartOf(loop.items(), name, field)))
                .findFirst()
                .map(loop -> loop.target() instanceof Target.Variable)
                .orElse(false);
    }

    /** A variable, or a field of it, maybe filtered, tested or sliced. */
    private static boolean isPartOf(Expr value, String variable, @Nullable String field) {
        if (value instanceof Invocation.Filtered filtered) {
            return isPartOf(filtered.value(), variable, field);
        }
        if (value instanceof Invocation.Tested tested) {
            return isPartOf(tested.value(), variable, field);
        }
        if (value instanceof Access.Slice slice) {
            return isPartOf(slice.target(), variable, field);
        }
        return field == null ? isVariable(value, variable) : isField(value, variable, field);
    }

    private static boolean isVariable(Expr value, String variable) {
        return value instanceof Atom.Name name && name.name().equals(variable);
    }

    private static boolean isField(Expr value, String variable, String field) {
        if (value instanceof Access.Attribute attribute) {
            return isVariable(attribute.target(), variable) && attribute.name().equals(field);
        }
        return value instanceof Access.Item item
                && isVariable(item.target(), variable)
                && item.key() instanceof Atom.Constant constant
                && constant.value().equals(field);
    }

    /** Collects while a template is parsed. */
    static final class Collector {

        private final List<Branching.For> loops = new ArrayList<>();
        private final List<Assignment.Set> assignments = new ArrayList<>();

        void loop(Branching.For loop) {
            loops.add(loop);
        }

        void assignment(Assignment.Set set) {
            assignments.add(set);
        }

        Usage usage() {
            return new Usage(List.copyOf(loops), List.copyOf(assignments));
        }
    }
}
