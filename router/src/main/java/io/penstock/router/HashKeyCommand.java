package io.penstock.router;

import io.penstock.router.access.NewKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code penstock hash-key}. Threading: the main thread. */
@Command(
        name = "hash-key",
        description = {
            "Makes an API key for a client and prints it with the SHA-256 that access.keys takes.",
            "With --stdin: hashes the key on the first line of the standard input, and does not repeat it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false)
final class HashKeyCommand implements Callable<Integer> {

    @Option(names = "--stdin", description = "Reads a key instead of making one.")
    private boolean stdin;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        if (!stdin) {
            NewKey key = NewKey.random();
            out.println("key:    " + key.key());
            out.println("sha256: " + key.sha256());
            out.flush();
            return ExitCode.OK;
        }
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (line == null || line.isBlank()) {
            spec.commandLine().getErr().println("penstock hash-key: the standard input holds no key");
            return ExitCode.USAGE;
        }
        out.println("sha256: " + NewKey.of(line.strip()).sha256());
        out.flush();
        return ExitCode.OK;
    }
}
