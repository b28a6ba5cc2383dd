package io.penstock.router.config;

import io.penstock.router.tokenize.Tokenizers;
import io.penstock.router.tokenize.jinja.TemplateException;
import io.penstock.router.tokenize.template.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks of tokenizers and of who names them. Threading: confined to one load. */
final class TokenizerChecks {

    private final RouterConfig config;
    private final Findings findings;
    private final List<String> names;

    TokenizerChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
        this.names = config.tokenizers().stream().map(TokenizerConfig::name).toList();
    }

    /** What can be seen in the text alone. */
    void run() {
        Names claimed = new Names(findings);
        for (int i = 0; i < config.tokenizers().size(); i++) {
            TokenizerConfig tokenizer = config.tokenizers().get(i);
            String at = "tokenizers[" + i + "]";
            if (findings.sound(at)) {
                Names.checkLabel(tokenizer.name(), at + ".name", findings);
                claimed.claim(tokenizer.name(), at + ".name");
                source(tokenizer, at);
            }
        }
        for (int i = 0; i < config.pools().size(); i++) {
            reference(config.pools().get(i).tokenizer(), "pools[" + i + "].tokenizer");
        }
        for (int i = 0; i < config.routes().size(); i++) {
            route(config.routes().get(i), "routes[" + i + "].tokens");
        }
    }

    private void source(TokenizerConfig tokenizer, String at) {
        belongs(tokenizer, tokenizer.path(), at + ".path", TokenizerConfig.Type.HUGGINGFACE);
        belongs(tokenizer, tokenizer.encoding(), at + ".encoding", TokenizerConfig.Type.TIKTOKEN);
        String encoding = tokenizer.encoding();
        if (encoding != null && findings.sound(at + ".encoding") && !Tokenizers.ENCODINGS.contains(encoding)) {
            findings.report(
                    at + ".encoding",
                    "there is no encoding " + ScalarReader.echo(encoding) + "; there are: "
                            + String.join(", ", Tokenizers.ENCODINGS));
        }
    }

    private void belongs(TokenizerConfig tokenizer, @Nullable String value, String path, TokenizerConfig.Type type) {
        if (!findings.sound(path) || (value != null) == (tokenizer.type() == type)) {
            return;
        }
        String name = EnumNames.of(type);
        findings.report(path, value == null ? "is required for type " + name : "is for type " + name + " only");
    }

    private void reference(@Nullable String name, String path) {
        if (name != null && findings.sound(path) && findings.sound("tokenizers") && !names.contains(name)) {
            findings.report(
                    path,
                    "no tokenizer is named " + ScalarReader.echo(name) + "; there are: "
                            + (names.isEmpty() ? "none" : String.join(", ", names)) + Suggestion.forWord(name, names));
        }
    }

    private void route(RouteConfig route, String at) {
        RouteTokensConfig tokens = route.tokens();
        reference(tokens.tokenizer(), at + ".tokenizer");
        if (findings.sound(at) && (tokens.counts() || tokens.endpoints()) && !hasTokenizer(route)) {
            findings.report(
                    at,
                    "nothing counts tokens here: name a tokenizer in this section, in the pools of the route, or with"
                            + " the models it is for");
        }
    }

    private boolean hasTokenizer(RouteConfig route) {
        return route.tokens().tokenizer() != null
                || config.tokenizers().stream()
                        .anyMatch(tokenizer -> !tokenizer.models().isEmpty())
                || config.pools().stream()
                        .filter(pool ->
                                route.to().stream().anyMatch(to -> to.pool().equals(pool.name())))
                        .anyMatch(pool -> pool.tokenizer() != null);
    }

    /** Whether the files of tokenizers are there and might be used; whoever uses them loads them. */
    void files() {
        for (int i = 0; i < config.tokenizers().size(); i++) {
            TokenizerConfig tokenizer = config.tokenizers().get(i);
            String at = "tokenizers[" + i + "].path";
            String path = tokenizer.path();
            if (path != null && tokenizer.type() == TokenizerConfig.Type.HUGGINGFACE && findings.sound(at)) {
                file(Path.of(path), at);
            }
        }
    }

    private void file(Path path, String at) {
        try {
            Tokenizers.check(path);
            Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
            if (folder != null) {
                var unused = ChatTemplates.load(folder, Clock.systemUTC());
            }
        } catch (TemplateException e) {
            findings.report(at, "the chat template there cannot be used: " + e.getMessage());
        } catch (IOException e) {
            findings.report(at, String.valueOf(e.getMessage()));
        }
    }
}
