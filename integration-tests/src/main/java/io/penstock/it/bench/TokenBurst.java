package io.penstock.it.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a burst of huge prompts does to everybody else: sixty prompts of 300,000 words at once, each refused after it was
 * tokenized, and meanwhile {@code /health} and short chats that are streamed. Once with tokenizing off the event loop, as it
 * is, and once with it on the loop. Needs nothing but the packaged router and a tokenizer.
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
        out.println();
        out.println(
                "| Tokenizing | Burst of 60 | took s | health idle p50, p99 ms | loaded p50, p99 | chat idle p50, p99 ms"
                        + " | loaded p50, p99 | health answers during it | loop delay max ms | MiB before, after |");
        out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        Scenario scenario = Scenario.all().get(0);
        try (Engines engines = Engines.start(home, scenario)) {
            for (String inline : List.of("128B", "1GiB")) {
                for (String kind : KINDS) {
                    measure(engines, inline, kind);
                }
            }
        }
        out.println();
        out.println("load average afterwards " + ProcFiles.loadAverages());
    }

    private void measure(Engines engines, String inline, String kind) throws InterruptedException, IOException {
        int port = Proxies.freePort();
        int adminPort = Proxies.freePort();
        Path folder = Files.createTempDirectory("penstock-burst");
        Path file = folder.resolve("router.yaml");
        Files.writeString(file, config(port, adminPort, engines.port(), inline, folder));
        Files.copy(tokenizer, folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
        List<String> command = List.of(home.resolve("bin/penstock").toString(), "serve", "-c", file.toString());
        try (ChildProcess router = ChildProcess.start("router", command, "")) {
            Proxies.awaitAnswer(router, port);
            BurstLoad load = new BurstLoad(port, adminPort, kind);
            report(inline, kind, load.run(), router.pid(), load);
        } finally {
            for (String name : List.of("router.yaml", "tokenizer.json", "chat_template.jinja")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        }
    }

    private static final String TEMPLATE =
            "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n";

    private static String config(int port, int adminPort, int enginePort, String inline, Path folder) {
        return """
                server:
                  { host: 127.0.0.1, port: %d, adminHost: 127.0.0.1, adminPort: %d, loops: 1, settleTime: 0s, drainTimeout: 1s,
                    tokenization: { inlineBelow: %s } }
                tokenizers:
                  - { name: t, type: huggingface, path: "%s", cache: 0B }
                pools:
                  - { name: bench, engines: ["http://127.0.0.1:%d"], tokenizer: t }
                routes:
                  - { to: [{ pool: bench }], tokens: { maxModelLen: 250000 } }
                """.formatted(port, adminPort, inline, folder, enginePort);
    }

    private void report(String inline, String kind, BurstLoad.Result result, long pid, BurstLoad load) {
        out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %s | %s | %s | %s | %d | %.1f | %d, %d |%n",
                inline.equals("1GiB") ? "on the loop" : "off the loop",
                kind,
                result.seconds(),
                result.idleHealth(),
                result.loadedHealth(),
                result.idleChat(),
                result.loadedChat(),
                result.healthAnswers(),
                load.worstLoopDelayMillis(),
                result.mebibytesBefore(),
                ProcFiles.residentKib(pid) >> 10);
    }
}
