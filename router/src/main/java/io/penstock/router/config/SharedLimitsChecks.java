package io.penstock.router.config;

import io.penstock.router.config.SharedLimitsConfig.RedisPasswordConfig;
import java.util.regex.Pattern;

/** The checks of limits in Redis. Threading: confined to one load. */
final class SharedLimitsChecks {

    private static final Pattern PREFIX = Pattern.compile("[!-~]{1,64}");

    private final RouterConfig config;
    private final Findings findings;

    SharedLimitsChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    void run() {
        SharedLimitsConfig shared = config.sharedLimits();
        if (shared == null || !findings.sound("sharedLimits")) {
            return;
        }
        RedisAddress address = RedisAddress.of(shared.url());
        if (findings.sound("sharedLimits.url") && address == null) {
            // not repeated: a password may stand in it
            findings.report(
                    "sharedLimits.url",
                    "is not a URL of Redis without user or query; write it as redis://host:6379, with the password in"
                            + " sharedLimits.password");
        }
        if (shared.ca() != null && address != null && !address.tls()) {
            findings.report("sharedLimits.ca", "is of no use without TLS; write the url as rediss://");
        }
        if (findings.sound("sharedLimits.keyPrefix")
                && !PREFIX.matcher(shared.keyPrefix()).matches()) {
            findings.report("sharedLimits.keyPrefix", "needs 1 to 64 visible ASCII characters without blanks");
        }
        password(shared);
    }

    private void password(SharedLimitsConfig shared) {
        RedisPasswordConfig password = shared.password();
        if (password.env() != null && password.file() != null) {
            findings.report("sharedLimits.password", "has both env and file; the password comes from one place");
        } else if (shared.username() != null && password.env() == null && password.file() == null) {
            findings.report("sharedLimits.username", "needs a password: set sharedLimits.password");
        }
    }
}
