package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions, from the operators that bind loosest to those that bind tightest; {@link PrimaryParser} has the rest.
 *
 * <p>Threading: confined to the parse.
 */
final class ExpressionParser {

    private static final Map<String, Operator> SUMS = Map.of("+", Operator.PLUS, "-", Operator.MINUS);
    private static final Map<String, Operator> PRODUCTS = Map.of(
            "*", Operator.TIMES,
            "/", Operator.DIVIDE,
            "//", Operator.FLOOR_DIVIDE,
            "%", Operator.MODULO);
    private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);

    /** Operators in a row nest in the tree: this many do not endanger the stack. */
    private static final int LONGEST_ROW = 1000;

    private final TokenStream tokens;
    private final PrimaryParser primaries;

    ExpressionParser(TokenStream tokens, MacroNames names) {
        this.tokens = tokens;
        this.primaries = new PrimaryParser(tokens, this, names);
    }

    PrimaryParser primaries() {
        return primaries;
    }

    /** Any expression, the inline {@code if} included. */
    Expr expression() {
        tokens.enter();
        Expr value = or();
        int row = 0;
        while (tokens.skipName("if")) {
            limit(++row);
            Expr test = or();
            Expr otherwise = tokens.skipName("else") ? expression() : null;
            value = new Operation.Conditional(test, value, otherwise);
        }
        tokens.leave();
        return value;
    }

    /** One expression, or several with commas between them as a tuple. */
    Expr tuple(boolean withConditional, boolean inBrackets) {
        List<Expr> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple()) {
            items.add(withConditional ? expression() : or());
            if (!tokens.skipSign(",")) {
                break;
            }
            comma = true;
        }
        if (items.size() == 1 && !comma) {
            return items.get(0);
        }
        if (items.isEmpty() && !inBrackets) {
            throw tokens.unexpected("an expression");
        }
        return new Atom.TupleOf(items);
    }

    private boolean endsTuple() {
        Token token = tokens.current();
        return token.kind() == Kind.TAG_END
                || token.kind() == Kind.PRINT_END
                || token.isSign(")")
                || token.isName("recursive");
    }

    private Expr or() {
        Expr left = and();
        int row = 0;
        while (tokens.skipName("or")) {
            limit(++row);
            left = new Operation.Or(left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        int row = 0;
        while (tokens.skipName("and")) {
            limit(++row);
            left = new Operation.And(left, not());
        }
        return left;
    }

    private Expr not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expr negated = new Operation.Not(not());
        tokens.leave();
        return negated;
    }

    private Expr comparison() {
        Expr first = sum();
        List<Operation.Comparison.Step> steps = new ArrayList<>();
        for (Relation relation = relation(); relation != null; relation = relation()) {
            steps.add(new Operation.Comparison.Step(relation, sum()));
        }
        return steps.isEmpty() ? first : new Operation.Comparison(first, steps);
    }

    private @Nullable Relation relation() {
        Token token = tokens.current();
        if (token.isName("not") && tokens.following().isName("in")) {
            tokens.take();
            tokens.take();
            return Relation.NOT_IN;
        }
        boolean sign = token.kind() == Kind.SIGN || token.isName("in");
        Relation relation = sign ? Relation.of(token.text()) : null;
        if (relation != null) {
            tokens.take();
        }
        return relation;
    }

    private Expr sum() {
        return row(SUMS, this::concatenation);
    }

    private Expr concatenation() {
        List<Expr> parts = new ArrayList<>();
        do {
            parts.add(row(PRODUCTS, () -> row(POWERS, () -> primaries.unary(true))));
        } while (tokens.skipSign("~"));
        return parts.size() == 1 ? parts.get(0) : new Operation.Concatenation(parts);
    }

    /** Operators of one strength, from left to right. */
    private Expr row(Map<String, Operator> operators, Supplier<Expr> operand) {
        Expr left = operand.get();
        int row = 0;
        Operator operator = operator(operators);
        while (operator != null) {
            limit(++row);
            left = new Operation.Arithmetic(left, operator, operand.get());
            operator = operator(operators);
        }
        return left;
    }

    private @Nullable Operator operator(Map<String, Operator> operators) {
        Token token = tokens.current();
        Operator operator = token.kind() == Kind.SIGN ? operators.get(token.text()) : null;
        if (operator != null) {
            tokens.take();
        }
        return operator;
    }

    private void limit(int row) {
        if (row > LONGEST_ROW) {
            throw tokens.failure("more than " + LONGEST_ROW + " operators in a row");
        }
    }
}
