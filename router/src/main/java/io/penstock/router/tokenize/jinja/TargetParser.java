package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses what values are assigned to, and the parameters of macros.
 *
 * <p>Threading: confined to the parse.
 */
final class TargetParser {

    private static final Set<String> RESERVED = Set.of("true", "True", "false", "False", "none", "None");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    TargetParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    /** One target, or several with commas between them. */
    Target target(boolean withAttributes) {
        tokens.enter();
        List<Target> targets = new ArrayList<>();
        targets.add(single(withAttributes));
        boolean comma = false;
        while (tokens.skipSign(",")) {
            comma = true;
            boolean another =
                    tokens.current().kind() == Kind.NAME && !tokens.current().isName("in");
            if (!another && !tokens.current().isSign("(")) {
                break;
            }
            targets.add(single(withAttributes));
        }
        tokens.leave();
        return comma ? new Target.Several(targets) : targets.get(0);
    }

    private Target single(boolean withAttributes) {
        if (tokens.skipSign("(")) {
            Target inner = target(false);
            tokens.expectSign(")");
            return inner;
        }
        String name = name();
        if (withAttributes && tokens.skipSign(".")) {
            return new Target.Attribute(name, tokens.name());
        }
        return new Target.Variable(name);
    }

    /** A name that can be assigned to. */
    String name() {
        if (RESERVED.contains(tokens.current().text())) {
            throw tokens.failure(
                    "nothing can be assigned to " + tokens.current().described());
        }
        return tokens.name();
    }

    /** {@code (a, b=1)}. */
    List<Signature.Parameter> parameters() {
        tokens.expectSign("(");
        List<Signature.Parameter> parameters = new ArrayList<>();
        boolean defaults = false;
        while (!tokens.current().isSign(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectSign(",");
            }
            String name = name();
            if (tokens.skipSign("=")) {
                defaults = true;
                parameters.add(new Signature.Parameter(name, expressions.expression()));
            } else if (defaults) {
                throw tokens.failure("a parameter without a default follows one that has one");
            } else {
                parameters.add(new Signature.Parameter(name, null));
            }
        }
        tokens.expectSign(")");
        return parameters;
    }
}
