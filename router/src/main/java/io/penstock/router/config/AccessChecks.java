package io.penstock.router.config;

import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks of keys and tokens, and of the routes and pools that name them. Threading: confined to one load. */
final class AccessChecks {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final List<String> ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private final RouterConfig config;
    private final Findings findings;

    AccessChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    void run() {
        Names names = new Names(findings);
        Names hashes = new Names(findings);
        for (int i = 0; i < config.access().keys().size(); i++) {
            String at = "access.keys[" + i + "]";
            if (findings.sound(at)) {
                name(config.access().keys().get(i).name(), at, names);
                clientKey(config.access().keys().get(i), at, hashes);
            }
        }
        for (int i = 0; i < config.access().jwt().size(); i++) {
            String at = "access.jwt[" + i + "]";
            if (findings.sound(at)) {
                name(config.access().jwt().get(i).name(), at, names);
                issuer(config.access().jwt().get(i), at);
            }
        }
        pools();
        for (int i = 0; i < config.routes().size(); i++) {
            if (findings.sound("routes[" + i + "]")) {
                route(config.routes().get(i), "routes[" + i + "]");
            }
        }
    }

    private void name(String name, String at, Names names) {
        String path = at + ".name";
        Names.checkLabel(name, path, findings);
        if (findings.sound(path) && name.equals(RouteAccessConfig.ALL)) {
            findings.report(path, "\"all\" stands for every key in routes; choose another name");
        }
        if (findings.sound(path)) {
            names.claim(name, path);
        }
    }

    private void clientKey(ClientKeyConfig key, String at, Names hashes) {
        onePlace(at, "sha256, file or env", key.sha256(), key.file(), key.env());
        String path = at + ".sha256";
        String hash = key.sha256();
        if (hash != null && findings.sound(path)) {
            if (SHA256.matcher(hash).matches()) {
                hashes.claim(Names.folded(hash), path);
            } else {
                // not repeated: it may be the key itself
                findings.report(
                        path, "is not a SHA-256, which is 64 hex digits; penstock hash-key prints it for a key");
            }
        }
        variable(key.env(), at + ".env");
    }

    private void onePlace(String at, String places, @Nullable String... given) {
        long count = Stream.of(given).filter(Objects::nonNull).count();
        if (count != 1 && findings.sound(at)) {
            findings.report(at, (count == 0 ? "needs" : "takes only one of") + " " + places);
        }
    }

    private void variable(@Nullable String name, String path) {
        if (name != null && findings.sound(path) && !VARIABLE.matcher(name).matches()) {
            findings.report(path, "is not the name of an environment variable");
        }
    }

    private void issuer(JwtConfig jwt, String at) {
        for (int i = 0; i < jwt.algorithms().size(); i++) {
            String path = at + ".algorithms[" + i + "]";
            String algorithm = jwt.algorithms().get(i);
            if (findings.sound(path) && !ALGORITHMS.contains(algorithm)) {
                findings.report(
                        path,
                        ScalarReader.echo(algorithm) + " is not taken; allowed here: " + String.join(", ", ALGORITHMS));
            }
        }
        if (findings.sound(at + ".jwks") && jwt.fetches() && !isUrl(jwt.jwks())) {
            findings.report(at + ".jwks", ScalarReader.echo(jwt.jwks()) + " is not a URL without a user and password");
        }
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && uri.getUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void pools() {
        for (int i = 0; i < config.pools().size(); i++) {
            EngineKeyConfig key = config.pools().get(i).key();
            String at = "pools[" + i + "].key";
            if (findings.sound(at)) {
                if (key.isSet()) {
                    onePlace(at, "env or file", key.env(), key.file());
                }
                variable(key.env(), at + ".env");
            }
        }
    }

    private void route(RouteConfig route, String of) {
        RouteAccessConfig access = route.access();
        String at = of + ".access";
        if (!findings.sound(at) || !findings.sound("access")) {
            return;
        }
        Set<String> keys = new HashSet<>(List.of(RouteAccessConfig.ALL));
        config.access().keys().forEach(key -> keys.add(key.name()));
        Names named = new Names(findings);
        for (int i = 0; i < access.keys().size(); i++) {
            String path = at + ".keys[" + i + "]";
            known(access.keys().get(i), keys, "key", path);
            if (findings.sound(path)) {
                named.claim(access.keys().get(i), path);
            }
        }
        if (access.jwt() != null) {
            Set<String> issuers = new HashSet<>();
            config.access().jwt().forEach(jwt -> issuers.add(jwt.name()));
            known(access.jwt(), issuers, "issuer", at + ".jwt");
        }
        if (access.open() && (access.jwt() != null || !access.keys().isEmpty())) {
            findings.report(at + ".open", "is for a route without keys and jwt; take them out, or this");
        }
        ownKeys(route, at + ".forwardAuthorization");
    }

    private void known(String name, Set<String> known, String what, String path) {
        if (findings.sound(path) && !known.contains(name)) {
            List<String> sorted = known.stream().sorted().toList();
            String there = sorted.isEmpty() ? "none is configured" : "there are: " + String.join(", ", sorted);
            findings.report(
                    path,
                    "no " + what + " is named " + ScalarReader.echo(name) + "; " + there
                            + Suggestion.forWord(name, sorted));
        }
    }

    /** An engine is sent one key: the router's own or the client's. */
    private void ownKeys(RouteConfig route, String path) {
        if (!route.access().forwardAuthorization() || !findings.sound(path)) {
            return;
        }
        Set<String> keyed = new HashSet<>();
        config.pools().stream().filter(pool -> pool.key().isSet()).forEach(pool -> keyed.add(pool.name()));
        route.to().stream()
                .filter(target -> keyed.contains(target.pool()))
                .findFirst()
                .ifPresent(target -> findings.report(
                        path,
                        "pool " + ScalarReader.echo(target.pool())
                                + " has a key of its own; engines can be sent that or the client's, not both"));
    }
}
