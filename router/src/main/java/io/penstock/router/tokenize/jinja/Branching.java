package io.penstock.router.tokenize.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether and how often statements run.
 *
 * <p>Threading: immutable.
 */
sealed interface Branching extends Node {

    record If(List<Branch> branches, Body otherwise, int line) implements Branching {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            for (Branch branch : branches) {
                if (branch.holds(scope)) {
                    return branch.body.run(scope, out);
                }
            }
            return otherwise.run(scope, out);
        }

        record Branch(Expr test, Body body, int line) {

            private boolean holds(Scope scope) {
                try {
                    return Types.isTrue(test.evaluate(scope));
                } catch (TemplateException e) {
                    throw e.at(line);
                }
            }
        }
    }

    record Leave(Flow flow, int line) implements Branching {
        @Override
        public Flow run(Scope scope, StringBuilder out) {
            return flow;
        }
    }

    /**
     * A loop. Each item has a scope of its own, so nothing set in it is there for the next one.
     *
     * @param otherwise runs where no item was walked to the end of the body, so also where the first one left the loop
     * @param test what an item has to pass to count at all, null where all count
     */
    record For(Target target, Expr items, @Nullable Expr test, boolean recursive, Body body, Body otherwise, int line)
            implements Branching {

        @Override
        public Flow run(Scope scope, StringBuilder out) {
            return walk(items.evaluate(scope), 0, scope, out);
        }

        private Flow walk(Object values, int depth, Scope scope, StringBuilder out) {
            List<Object> kept = kept(values, scope);
            LoopState loop = new LoopState(kept, depth, recursive ? recursion(depth + 1, scope) : null);
            boolean otherwiseToo = true;
            for (int i = 0; i < kept.size(); i++) {
                scope.rendering().step();
                loop.moveTo(i);
                Scope inner = scope.inner();
                inner.set("loop", loop);
                target.assign(kept.get(i), inner);
                Flow flow = body.run(inner, out);
                otherwiseToo &= flow != Flow.ON;
                if (flow == Flow.BREAK) {
                    break;
                }
            }
            return otherwiseToo ? otherwise.run(scope.inner(), out) : Flow.ON;
        }

        private List<Object> kept(Object values, Scope scope) {
            if (test == null) {
                return Sequences.list(values);
            }
            List<Object> kept = new ArrayList<>();
            for (Iterator<Object> items = Sequences.iterator(values); items.hasNext(); ) {
                scope.rendering().step();
                Object item = items.next();
                Scope inner = scope.inner();
                inner.set("loop", new Undefined("a loop's 'if' cannot use 'loop'"));
                target.assign(item, inner);
                if (Types.isTrue(test.evaluate(inner))) {
                    kept.add(item);
                }
            }
            return kept;
        }

        /** {@code loop(values)}: writes the next level into a text of its own. */
        private Callable recursion(int depth, Scope scope) {
            return (arguments, caller) -> {
                caller.rendering().enter();
                StringBuilder out = new StringBuilder();
                walk(arguments.bind("loop", 1, "iterable").value(0), depth, scope, out);
                caller.rendering().leave();
                return out.toString();
            };
        }
    }
}
