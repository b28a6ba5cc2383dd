package io.penstock.router.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may use the router. Threading: immutable. */
public record AccessConfig(
        @Key(value = "API keys of clients", defaultsTo = "[]")
        List<ClientKeyConfig> keys,

        @Key(value = "issuers whose tokens (JWT) clients may use", defaultsTo = "[]")
        List<JwtConfig> jwt) {

    /** True if nobody needs a key or token. */
    public boolean isOpen() {
        return keys.isEmpty() && jwt.isEmpty();
    }

    /** One client's API key, from one of three places. */
    public record ClientKeyConfig(
            @Key("what the key is called in routes, metrics and logs; the key itself is in none of them")
            String name,

            @Key(value = "the key's SHA-256 in hex, as penstock hash-key prints it", defaultsTo = "~") @Nullable
            String sha256,

            @Key(value = "a file with one key on each line; read again when it changes", defaultsTo = "~", file = true)
            @Nullable
            String file,

            @Key(value = "an environment variable with the key, read at the start", defaultsTo = "~") @Nullable
            String env,

            @Key(value = "true: may send what names hosts, ranks and priorities to engines", defaultsTo = "false")
            boolean trusted,

            @Key(
                    value = "requests within a minute over all routes; 0 is no limit",
                    defaultsTo = "0",
                    min = "0",
                    max = "1000000000")
            int requestsPerMinute,

            @Key(
                    value = "tokens within a minute over all routes; 0 is no limit",
                    defaultsTo = "0",
                    min = "0",
                    max = "1000000000")
            int tokensPerMinute) {}

    /** One issuer of tokens. */
    public record JwtConfig(
            @Key("what the issuer is called in routes, metrics and logs")
            String name,

            @Key("the iss claim that tokens must have, exactly")
            String issuer,

            @Key("the aud claim that tokens must have among theirs")
            String audience,

            @Key(value = "the issuer's public keys (JWKS): a file, or an http or https URL", file = true)
            String jwks,

            @Key(
                    value = "signature algorithms that are taken: RS, PS and ES with 256, 384 and 512",
                    defaultsTo = "[RS256, ES256]",
                    min = "1")
            List<String> algorithms,

            @Key(value = "how far the issuer's clock may be off", defaultsTo = "30s", min = "0s", max = "10m")
            Duration clockSkew,

            @Key(
                    value = "how often the public keys are read again without a reason",
                    defaultsTo = "5m",
                    min = "1s",
                    max = "24h")
            Duration refresh,

            @Key(value = "true: may send what names hosts, ranks and priorities to engines", defaultsTo = "false")
            boolean trusted,

            @Key(
                    value = "requests within a minute of one subject over all routes; 0 is no limit",
                    defaultsTo = "0",
                    min = "0",
                    max = "1000000000")
            int requestsPerMinute,

            @Key(
                    value = "tokens within a minute of one subject over all routes; 0 is no limit",
                    defaultsTo = "0",
                    min = "0",
                    max = "1000000000")
            int tokensPerMinute) {

        /** True if the public keys come from a URL and not from a file. */
        public boolean fetches() {
            return jwks.startsWith("http://") || jwks.startsWith("https://");
        }
    }
}
