package io.penstock.router.config;

import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether the files and environment variables that a configuration names are there. Asked only where the configuration is
 * going to be used, as an editor or a test has no secrets. Threading: confined to one load.
 */
final class SecretChecks {

    private final RouterConfig config;
    private final Findings findings;
    private final Predicate<String> variableIsSet;

    SecretChecks(RouterConfig config, Findings findings, Predicate<String> variableIsSet) {
        this.config = config;
        this.findings = findings;
        this.variableIsSet = variableIsSet;
    }

    void run() {
        for (int i = 0; i < config.access().keys().size(); i++) {
            ClientKeyConfig key = config.access().keys().get(i);
            String at = "access.keys[" + i + "]";
            file(key.file(), at + ".file");
            variable(key.env(), at + ".env");
        }
        for (int i = 0; i < config.access().jwt().size(); i++) {
            JwtConfig jwt = config.access().jwt().get(i);
            file(jwt.fetches() ? null : jwt.jwks(), "access.jwt[" + i + "].jwks");
        }
        for (int i = 0; i < config.pools().size(); i++) {
            EngineKeyConfig key = config.pools().get(i).key();
            file(key.file(), "pools[" + i + "].key.file");
            variable(key.env(), "pools[" + i + "].key.env");
        }
        if (config.sharedLimits() != null && findings.sound("sharedLimits")) {
            shared(config.sharedLimits());
        }
        if (config.tracing() != null && findings.sound("tracing")) {
            tracing(config.tracing());
        }
    }

    private void shared(SharedLimitsConfig limits) {
        file(limits.ca(), "sharedLimits.ca");
        file(limits.password().file(), "sharedLimits.password.file");
        variable(limits.password().env(), "sharedLimits.password.env");
    }

    private void tracing(TracingConfig tracing) {
        file(tracing.ca(), "tracing.ca");
        tracing.headerFiles().forEach((name, file) -> file(file, Entries.child("tracing.headerFiles", name)));
    }

    private void file(@Nullable String name, String path) {
        if (name != null && findings.sound(path) && !Files.isReadable(Path.of(name))) {
            String why = Files.exists(Path.of(name)) ? "may not be read" : "does not exist";
            findings.report(path, "the file " + ScalarReader.echo(name) + " " + why);
        }
    }

    private void variable(@Nullable String name, String path) {
        if (name != null && findings.sound(path) && !variableIsSet.test(name)) {
            findings.report(path, "the environment variable " + ScalarReader.echo(name) + " is not set");
        }
    }
}
