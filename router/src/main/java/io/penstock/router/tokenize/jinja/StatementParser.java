package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Node.Flow;
import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses a template: its texts, prints and statements.
 *
 * <p>Threading: confined to the parse.
 */
final class StatementParser {

    private static final Set<String> ELSEWHERE =
            Set.of("include", "import", "from", "extends", "block", "autoescape", "do", "trans", "debug");

    private final TokenStream tokens;
    private final MacroNames names = new MacroNames();
    private final ExpressionParser expressions;
    private final TargetParser targets;
    private final Usage.Collector usage = new Usage.Collector();
    private int loops;

    private StatementParser(String template) {
        this.tokens = new TokenStream(Lexer.tokens(template));
        this.expressions = new ExpressionParser(tokens, names);
        this.targets = new TargetParser(tokens, expressions);
    }

    /** What a template consists of. */
    record Parsed(Body body, Usage usage) {}

    static Parsed parse(String template) {
        StatementParser parser = new StatementParser(template);
        Body body = parser.body(Set.of(), 0);
        return new Parsed(body, parser.usage.usage());
    }

    /**
     * Up to a tag of one of these names, which becomes current; without names up to the end of the template.
     *
     * @param line of the tag that begins it
     */
    private Body body(Set<String> ends, int line) {
        tokens.enter();
        List<Node> nodes = new ArrayList<>();
        while (tokens.current().kind() != Kind.END) {
            Token token = tokens.take();
            switch (token.kind()) {
                case TEXT -> nodes.add(new Output.Text(token.text(), token.line()));
                case PRINT_BEGIN -> nodes.add(printed());
                default -> {
                    if (tokens.current().kind() == Kind.NAME
                            && ends.contains(tokens.current().text())) {
                        tokens.leave();
                        return new Body(List.copyOf(nodes));
                    }
                    nodes.add(statement());
                }
            }
        }
        if (!ends.isEmpty()) {
            String missing = String.join("' or '", ends.stream().sorted().toList());
            throw new TemplateException(
                    TemplateException.Kind.SYNTAX,
                    tokens.current().line(),
                    "there is no '" + missing + "' to the tag of line " + line);
        }
        tokens.leave();
        return new Body(List.copyOf(nodes));
    }

    private Node printed() {
        int line = tokens.current().line();
        Node print = new Output.Print(expressions.tuple(true, false), line);
        tokens.expect(Kind.PRINT_END, "'}}'");
        return print;
    }

    private Node statement() {
        Token tag = tokens.expect(Kind.NAME, "the name of a statement");
        int line = tag.line();
        Node node = switch (tag.text()) {
            case "if" -> branches(line);
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro(line);
            case "call" -> call(line);
            case "filter" ->
                new Scoped.FilterBody(filters(expressions.primaries().dottedName()), blockTo("endfilter"), line);
            case "with" -> with(line);
            case "generation" -> new Scoped.Generation(outsideOfLoops(() -> blockTo("endgeneration")), line);
            case "print" -> print(line);
            case "break" -> leave(Flow.BREAK, line);
            case "continue" -> leave(Flow.CONTINUE, line);
            default -> throw unknown(tag);
        };
        tokens.expect(Kind.TAG_END, "'%}'");
        return node;
    }

    /** {@code {% print a, b %}} writes one after the other, where {@code {{ a, b }}} writes a tuple. */
    private Node print(int line) {
        List<Expr> values = new ArrayList<>();
        do {
            values.add(expressions.expression());
        } while (tokens.skipSign(","));
        return new Output.Print(new Operation.Concatenation(values), line);
    }

    private TemplateException unknown(Token tag) {
        String reason = ELSEWHERE.contains(tag.text())
                ? "chat templates have no '" + tag.text() + "'"
                : tag.text().startsWith("end") || tag.text().startsWith("el")
                        ? "'" + tag.text() + "' has nothing to belong to"
                        : "there is no statement '" + tag.text() + "'";
        return new TemplateException(TemplateException.Kind.SYNTAX, tag.line(), reason);
    }

    /** The rest of the opening tag, and the body up to one of these names. */
    private Body block(Set<String> ends) {
        tokens.skipSign(":");
        int line = tokens.expect(Kind.TAG_END, "'%}'").line();
        return body(ends, line);
    }

    private Body blockTo(String end) {
        Body body = block(Set.of(end));
        tokens.expectName(end);
        return body;
    }

    private Node branches(int line) {
        List<Branching.If.Branch> branches = new ArrayList<>();
        int start = line;
        do {
            Expr test = expressions.tuple(false, false);
            branches.add(new Branching.If.Branch(test, block(Set.of("elif", "else", "endif")), start));
            start = tokens.current().line();
        } while (tokens.skipName("elif"));
        Body otherwise = tokens.skipName("else") ? block(Set.of("endif")) : new Body(List.of());
        tokens.expectName("endif");
        return new Branching.If(branches, otherwise, line);
    }

    private Node loop(int line) {
        Target target = targets.target(false);
        tokens.expectName("in");
        Expr items = expressions.tuple(false, false);
        Expr test = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        loops++;
        Body body = block(Set.of("endfor", "else"));
        loops--;
        Body otherwise = tokens.skipName("else") ? block(Set.of("endfor")) : new Body(List.of());
        tokens.expectName("endfor");
        Branching.For loop = new Branching.For(target, items, test, recursive, body, otherwise, line);
        usage.loop(loop);
        return loop;
    }

    private Node leave(Flow flow, int line) {
        if (loops == 0) {
            throw new TemplateException(
                    TemplateException.Kind.SYNTAX, line, "there is no loop here to leave or go on with");
        }
        return new Branching.Leave(flow, line);
    }

    private Node assignment(int line) {
        Target target = targets.target(true);
        if (tokens.skipSign("=")) {
            Assignment.Set set = new Assignment.Set(target, expressions.tuple(true, false), line);
            usage.assignment(set);
            return set;
        }
        List<Assignment.AppliedFilter> filters =
                tokens.skipSign("|") ? filters(expressions.primaries().dottedName()) : List.of();
        return new Assignment.SetBody(target, filters, blockTo("endset"), line);
    }

    /** Filters without a value, the name of the first being read already. */
    private List<Assignment.AppliedFilter> filters(String first) {
        List<Assignment.AppliedFilter> filters = new ArrayList<>();
        String name = first;
        while (true) {
            filters.add(
                    new Assignment.AppliedFilter(name, expressions.primaries().optionallyPassed()));
            if (!tokens.skipSign("|")) {
                return filters;
            }
            name = expressions.primaries().dottedName();
        }
    }

    private Node macro(int line) {
        String name = targets.name();
        List<Signature.Parameter> parameters = targets.parameters();
        names.begin();
        Body body = outsideOfLoops(() -> blockTo("endmacro"));
        return new Assignment.Define(name, new Signature(parameters, names.end()), body, line);
    }

    private Node call(int line) {
        List<Signature.Parameter> parameters = tokens.current().isSign("(") ? targets.parameters() : List.of();
        if (!(expressions.expression() instanceof Invocation.Call call)) {
            throw tokens.failure("'call' needs the call of a macro");
        }
        names.begin();
        Body body = outsideOfLoops(() -> blockTo("endcall"));
        return new Scoped.CallBody(call, new Signature(parameters, names.end()), body, line);
    }

    private Node with(int line) {
        List<Scoped.With.Binding> bindings = new ArrayList<>();
        while (tokens.current().kind() != Kind.TAG_END) {
            if (!bindings.isEmpty()) {
                tokens.expectSign(",");
            }
            Target target = targets.target(false);
            tokens.expectSign("=");
            bindings.add(new Scoped.With.Binding(target, expressions.expression()));
        }
        return new Scoped.With(bindings, blockTo("endwith"), line);
    }

    /** What becomes a function of its own cannot leave the loop around it. */
    private Body outsideOfLoops(java.util.function.Supplier<Body> parse) {
        int around = loops;
        loops = 0;
        Body body = parse.get();
        loops = around;
        return body;
    }
}
