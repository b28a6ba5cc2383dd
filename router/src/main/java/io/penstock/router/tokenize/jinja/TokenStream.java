package io.penstock.router.tokenize.jinja;

import io.penstock.router.tokenize.jinja.Token.Kind;
import java.util.List;

/**
 * The tokens of a template, read once from the first to the last.
 *
 * <p>Threading: confined to the parse.
 */
final class TokenStream {

    /** Brackets, statements and operators within one another: more is no template but an attack on the stack. */
    private static final int DEEPEST = 150;

    private final List<Token> tokens;
    private int position;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** @throws TemplateException when the template cannot be read from here on */
    Token current() {
        Token token = tokens.get(position);
        if (token.value() instanceof TemplateException broken) {
            throw broken;
        }
        return token;
    }

    Token following() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    /** The current one; the next becomes current. */
    Token take() {
        Token token = current();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    boolean skipSign(String sign) {
        if (current().isSign(sign)) {
            take();
            return true;
        }
        return false;
    }

    boolean skipName(String name) {
        if (current().isName(name)) {
            take();
            return true;
        }
        return false;
    }

    Token expect(Kind kind, String described) {
        if (current().kind() != kind) {
            throw unexpected(described);
        }
        return take();
    }

    void expectSign(String sign) {
        if (!skipSign(sign)) {
            throw unexpected("'" + sign + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    String name() {
        return expect(Kind.NAME, "a name").text();
    }

    TemplateException unexpected(String expected) {
        return failure(current().described() + " where " + expected + " should be");
    }

    TemplateException failure(String reason) {
        return new TemplateException(TemplateException.Kind.SYNTAX, current().line(), reason);
    }

    void enter() {
        depth++;
        if (depth > DEEPEST) {
            throw failure("more than " + DEEPEST + " brackets or statements within one another");
        }
    }

    void leave() {
        depth--;
    }
}
