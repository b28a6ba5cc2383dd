package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Node.Flow;
import java.util.List;

/**
 * Statements one after the other. A failure leaves with the line of the innermost statement it happened in.
 *
 * <p>Threading: immutable.
 */
record Body(List<Node> nodes) {

    Flow run(Scope scope, StringBuilder out) {
        for (Node node : nodes) {
            try {
                scope.rendering().step();
                Flow flow = node.run(scope, out);
                if (flow != Flow.ON) {
                    return flow;
                }
            } catch (TemplateException e) {
                throw e.at(node.line());
            }
        }
        return Flow.ON;
    }

    /** What it writes, as a text of its own. */
    String text(Scope scope) {
        StringBuilder out = new StringBuilder();
        run(scope, out);
        return out.toString();
    }
}
