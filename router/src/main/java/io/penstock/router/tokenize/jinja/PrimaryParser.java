package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Invocation.Passed;
import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses literals, names and what stands behind them: attributes, items, calls, filters and tests.
 *
 * <p>Threading: confined to the parse.
 */
final class PrimaryParser {

    private static final int LONGEST_ROW = 1000;

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final MacroNames names;

    PrimaryParser(TokenStream tokens, ExpressionParser expressions, MacroNames names) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.names = names;
    }

    /** A signed value; filters bind less than its sign, so those of an operand of a sign are left to the outermost. */
    Expr unary(boolean withFilters) {
        tokens.enter();
        Expr value;
        if (tokens.current().isSign("-") || tokens.current().isSign("+")) {
            boolean negative = tokens.take().isSign("-");
            value = new Operation.Signed(negative, unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        value = withFilters ? filtersAndTests(value) : value;
        tokens.leave();
        return value;
    }

    private Expr primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.take().text());
            case STRING -> strings();
            case NUMBER -> new Atom.Constant(tokens.take().value());
            case SIGN -> bracketed();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expr name(String name) {
        names.used(name);
        return switch (name) {
            case "true", "True" -> new Atom.Constant(true);
            case "false", "False" -> new Atom.Constant(false);
            case "none", "None" -> new Atom.Constant(None.NONE);
            default -> new Atom.Name(name);
        };
    }

    /** Strings side by side are one. */
    private Expr strings() {
        StringBuilder text = new StringBuilder();
        while (tokens.current().kind() == Kind.STRING) {
            text.append(tokens.take().text());
        }
        return new Atom.Constant(text.toString());
    }

    private Expr bracketed() {
        if (tokens.skipSign("(")) {
            Expr inner = expressions.tuple(true, true);
            tokens.expectSign(")");
            return inner;
        }
        if (tokens.skipSign("[")) {
            List<Expr> items = new ArrayList<>();
            while (!tokens.current().isSign("]")) {
                items.add(expressions.expression());
                separate("]");
            }
            tokens.expectSign("]");
            return new Atom.ListOf(items);
        }
        if (tokens.skipSign("{")) {
            return dict();
        }
        throw tokens.unexpected("an expression");
    }

    private Expr dict() {
        List<Atom.DictOf.Entry> entries = new ArrayList<>();
        while (!tokens.current().isSign("}")) {
            Expr key = expressions.expression();
            tokens.expectSign(":");
            entries.add(new Atom.DictOf.Entry(key, expressions.expression()));
            separate("}");
        }
        tokens.expectSign("}");
        return new Atom.DictOf(entries);
    }

    /** A comma, unless the list ends here. */
    private void separate(String end) {
        if (!tokens.current().isSign(end)) {
            tokens.expectSign(",");
        }
    }

    private Expr postfix(Expr start) {
        Expr value = start;
        for (int row = 0; ; row++) {
            limit(row);
            if (tokens.skipSign(".")) {
                value = attribute(value);
            } else if (tokens.skipSign("[")) {
                value = item(value);
            } else if (tokens.current().isSign("(")) {
                value = new Invocation.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    private Expr attribute(Expr target) {
        if (tokens.current().kind() == Kind.NUMBER && tokens.current().value() instanceof Long) {
            return new Access.Item(target, new Atom.Constant(tokens.take().value()));
        }
        return new Access.Attribute(target, tokens.name());
    }

    private Expr item(Expr target) {
        if (tokens.skipSign("]")) {
            return new Access.Item(target, new Atom.TupleOf(List.of()));
        }
        Expr start = tokens.current().isSign(":") ? null : expressions.expression();
        if (start != null && !tokens.current().isSign(":")) {
            Expr key = tokens.current().isSign(",") ? keys(start) : start;
            tokens.expectSign("]");
            return new Access.Item(target, key);
        }
        tokens.expectSign(":");
        Expr stop = bound();
        Expr step = tokens.skipSign(":") ? bound() : null;
        tokens.expectSign("]");
        return new Access.Slice(target, start, stop, step);
    }

    private Expr keys(Expr first) {
        List<Expr> keys = new ArrayList<>(List.of(first));
        while (tokens.skipSign(",")) {
            keys.add(expressions.expression());
        }
        return new Atom.TupleOf(keys);
    }

    private @Nullable Expr bound() {
        return tokens.current().isSign(":") || tokens.current().isSign("]") ? null : expressions.expression();
    }

    private Expr filtersAndTests(Expr start) {
        Expr value = start;
        for (int row = 0; ; row++) {
            limit(row);
            if (tokens.skipSign("|")) {
                value = new Invocation.Filtered(value, dottedName(), optionallyPassed());
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.current().isSign("(")) {
                value = new Invocation.Call(value, passed());
            } else {
                return value;
            }
        }
    }

    private Expr test(Expr value) {
        boolean negated = tokens.skipName("not");
        String name = dottedName();
        Passed passed = tokens.current().isSign("(") ? passed() : startsArgument() ? argument() : Passed.NOTHING;
        Expr tested = new Invocation.Tested(value, name, passed);
        return negated ? new Operation.Not(tested) : tested;
    }

    /** A test may take one argument without brackets. */
    private boolean startsArgument() {
        Token token = tokens.current();
        if (token.isName("is")) {
            throw tokens.failure("tests cannot follow one another");
        }
        return switch (token.kind()) {
            case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
            case STRING, NUMBER -> true;
            case SIGN -> token.isSign("[") || token.isSign("{");
            default -> false;
        };
    }

    private Passed argument() {
        return new Passed(List.of(postfix(primary())), Map.of(), null, null);
    }

    /** The name of a filter or test. */
    String dottedName() {
        StringBuilder name = new StringBuilder(tokens.name());
        while (tokens.skipSign(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }

    Passed optionallyPassed() {
        return tokens.current().isSign("(") ? passed() : Passed.NOTHING;
    }

    private Passed passed() {
        tokens.expectSign("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        @Nullable Expr morePositional = null;
        @Nullable Expr moreNamed = null;
        while (!tokens.current().isSign(")")) {
            boolean last = moreNamed != null;
            if (tokens.skipSign("*")) {
                require(!last && morePositional == null);
                morePositional = expressions.expression();
            } else if (tokens.skipSign("**")) {
                require(!last);
                moreNamed = expressions.expression();
            } else if (tokens.current().kind() == Kind.NAME
                    && tokens.following().isSign("=")) {
                require(!last);
                String name = tokens.name();
                tokens.expectSign("=");
                require(named.put(name, expressions.expression()) == null);
            } else {
                require(!last && morePositional == null && named.isEmpty());
                positional.add(expressions.expression());
            }
            separate(")");
        }
        tokens.expectSign(")");
        return new Passed(positional, named, morePositional, moreNamed);
    }

    private void require(boolean inOrder) {
        if (!inOrder) {
            throw tokens.failure("this argument cannot stand here");
        }
    }

    private void limit(int row) {
        if (row > LONGEST_ROW) {
            throw tokens.failure("more than " + LONGEST_ROW + " parts of an expression in a row");
        }
    }
}
