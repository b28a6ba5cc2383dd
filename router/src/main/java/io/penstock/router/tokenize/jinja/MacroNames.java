package io.penstock.router.tokenize.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Which of the implicit parameters the macros that are being parsed use.
 *
 * <p>Threading: confined to the parse.
 */
final class MacroNames {

    private final Deque<Set<String>> open = new ArrayDeque<>();

    void begin() {
        open.push(new HashSet<>());
    }

    Set<String> end() {
        return Set.copyOf(open.pop());
    }

    void used(String name) {
        if (Signature.IMPLICIT.contains(name)) {
            open.forEach(names -> names.add(name));
        }
    }
}
