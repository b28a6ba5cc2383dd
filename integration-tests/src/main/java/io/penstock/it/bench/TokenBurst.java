package io.penstock.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a burst of huge prompts does to everybody else: sixty prompts of 300,000 words at once, each refused after it was
 * tokenized, and meanwhile {@code /health} and short chats that are streamed. With tokenizing off the event loop, as it is,
 * on the loop, and not at all, which tells what only the arrival of the prompts costs. Needs nothing but the packaged router
 * and a tokenizer.
 *
 * <p>Threading: the main thread.
 */
public final class TokenBurst {

    private static final List<String> KINDS = List.of("completions", "list", "chat");
    private static final Path SAMPLE =
            Path.of("router/src/test/resources/io/penstock/router/tokenize/llama-style.json");

    private final Path home;
    private final Path tokenizer;
    private final PrintStream out;

    private TokenBurst(Path home, Path tokenizer, PrintStream out) {
        this.home = home;
        this.tokenizer = tokenizer;
        this.out = out;
    }

    /**
     * Runs it on the router packaged in the folder that the system property {@code penstock.home} names.
     *
     * @param arguments a {@code tokenizer.json}; left out, the small one of the tests
     * @throws InterruptedException if the thread is interrupted; all processes are ended then
     */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path home = Path.of(System.getProperty("penstock.home", "router/target/penstock"))
                .toAbsolutePath()
                .normalize();
        boolean given = arguments.length > 0 && !arguments[0].isEmpty();
        Path tokenizer =
                given ? Path.of(arguments[0]) : home.resolve("../../..").resolve(SAMPLE);
        try {
            new TokenBurst(home, tokenizer.toAbsolutePath().normalize(), out).run();
        } catch (BenchmarkException e) {
            out.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() throws InterruptedException, IOException {
        out.println(ProcFiles.processor() + ", processors " + ProcFiles.allowedCores() + ", Java "
                + System.getProperty("java.version") + "; load average before " + ProcFiles.loadAverages());
        MarkdownTable table = new MarkdownTable(List.of(
                "tokenizing",
                "burst of 60",
                "took s",
                "health idle p50, p99 ms",
                "loaded p50, p99",
                "answers during it",
                "chat idle p50, p99 ms",
                "loaded p50, p99",
                "loop delay idle max ms",
                "loaded max",
                "MiB afterwards"));
        try (Engines engines = Engines.start(home, Scenario.all().get(0))) {
            table.add(measure(engines, Where.NOWHERE, "completions"));
            for (Where where : List.of(Where.OFF_THE_LOOP, Where.ON_THE_LOOP)) {
                for (String kind : KINDS) {
                    table.add(measure(engines, where, kind));
                }
            }
        }
        out.println(table.text());
        out.println("load average afterwards " + ProcFiles.loadAverages());
    }

    /** Where huge prompts are tokenized, and the configuration that does it. */
    private enum Where {
        NOWHERE("not at all", "128B", ""),
        OFF_THE_LOOP("off the loop", "128B", ", tokens: { maxModelLen: 250000 }"),
        ON_THE_LOOP("on the loop", "1GiB", ", tokens: { maxModelLen: 250000 }");

        final String title;
        final String inlineBelow;
        final String tokens;

        Where(String title, String inlineBelow, String tokens) {
            this.title = title;
            this.inlineBelow = inlineBelow;
            this.tokens = tokens;
        }
    }

    private String[] measure(Engines engines, Where where, String kind) throws InterruptedException, IOException {
        int port = Proxies.freePort();
        int adminPort = Proxies.freePort();
        Path folder = Files.createTempDirectory("penstock-burst");
        Path file = folder.resolve("router.yaml");
        Files.writeString(file, config(port, adminPort, engines.port(), where, folder));
        Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
        List<String> command = List.of(home.resolve("bin/penstock").toString(), "serve", "-c", file.toString());
        try (ChildProcess router = ChildProcess.start("router", command, "")) {
            Proxies.awaitAnswer(router, port);
            List<BurstLoad.Felt> felt = new BurstLoad(port, adminPort, kind, where != Where.NOWHERE).run();
            return row(where, kind, felt.get(0), felt.get(1), router.pid());
        } finally {
            for (String name : List.of("router.yaml", "tokenizer.json", "chat_template.jinja")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static final String TEMPLATE =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

    private static String config(int port, int adminPort, int enginePort, Where where, Path folder) {
        return """
                server:
                  { host: 127.0.0.1, port: %d, adminHost: 127.0.0.1, adminPort: %d, loops: 1, settleTime: 0s, drainTimeout: 1s,
                    tokenization: { inlineBelow: %s } }
                tokenizers:
                  - { name: t, type: huggingface, path: "%s", cache: 0B }
                pools:
                  - { name: bench, engines: ["http://127.0.0.1:%d"], tokenizer: t }
                routes:
                  - { to: [{ pool: bench }]%s }
                """.formatted(port, adminPort, where.inlineBelow, folder, enginePort, where.tokens);
    }

    private static String[] row(Where where, String kind, BurstLoad.Felt idle, BurstLoad.Felt loaded, long pid) {
        return new String[] {
            where.title,
            kind,
            MarkdownTable.number(loaded.seconds(), 1),
            idle.health().percentiles(),
            loaded.health().percentiles(),
            Long.toString(loaded.health().count()),
            idle.chat().percentiles(),
            loaded.chat().percentiles(),
            MarkdownTable.number(idle.worstDelayMillis(), 1),
            MarkdownTable.number(loaded.worstDelayMillis(), 1),
            Long.toString(ProcFiles.residentKib(pid) >> 10)
        };
    }
}
