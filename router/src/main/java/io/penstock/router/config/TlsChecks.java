package io.penstock.router.config;

import io.penstock.proxy.http.Networks;
import io.penstock.router.config.ServerTlsConfig.ClientAuth;
import io.penstock.router.tls.EngineTrust;
import io.penstock.router.tls.TlsFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks of TLS and of who stands in front of the router. Threading: confined to one load. */
final class TlsChecks {

    private static final EngineTlsConfig DEFAULTS = new EngineTlsConfig(null, true, null);
    private static final String HOST_NAME =
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";

    private final RouterConfig config;
    private final Findings findings;

    TlsChecks(RouterConfig config, Findings findings) {
        this.config = config;
        this.findings = findings;
    }

    /** What can be seen in the text alone. */
    void run() {
        networks(config.server().trustedProxies(), "server.trustedProxies");
        ServerTlsConfig tls = config.server().tls();
        if (tls != null && findings.sound("server.tls")) {
            clientAuth(tls);
        }
        for (int i = 0; i < config.pools().size(); i++) {
            String at = "pools[" + i + "].tls";
            if (findings.sound(at) && findings.sound("pools[" + i + "].engines")) {
                engines(config.pools().get(i), at);
            }
        }
    }

    private void networks(List<String> networks, String at) {
        for (int i = 0; i < networks.size(); i++) {
            String path = at + "[" + i + "]";
            if (findings.sound(path) && !Networks.isNetwork(networks.get(i))) {
                findings.report(
                        path,
                        ScalarReader.echo(networks.get(i)) + " is not a network; write address/bits with no bit set"
                                + " behind them, such as 10.0.0.0/8, fd00::/8 or 192.0.2.7");
            }
        }
    }

    private void clientAuth(ServerTlsConfig tls) {
        boolean sound = findings.sound("server.tls.clientAuth") && findings.sound("server.tls.clientCa");
        if (sound && tls.clientAuth() == ClientAuth.NONE && tls.clientCa() != null) {
            findings.report(
                    "server.tls.clientCa",
                    "no client is asked for a certificate; write clientAuth: required or clientAuth: optional, too");
        } else if (sound && tls.clientAuth() != ClientAuth.NONE && tls.clientCa() == null) {
            findings.report(
                    "server.tls.clientAuth", "needs clientCa, the authorities whose client certificates are believed");
        }
    }

    private void engines(PoolConfig pool, String at) {
        String name = pool.tls().serverName();
        if (name != null && findings.sound(at + ".serverName") && !name.matches(HOST_NAME)) {
            findings.report(at + ".serverName", ScalarReader.echo(name) + " is not a host name");
        }
        List<PoolConfig> groups = pool.groups();
        boolean found = groups.stream().anyMatch(group -> group.discovery() != null);
        if (groups.stream().allMatch(TlsChecks::isClear) && !pool.tls().equals(DEFAULTS)) {
            findings.report(
                    at,
                    found
                            ? "no engine of this pool is spoken to over TLS; write scheme: https in its discovery"
                            : "no engine of this pool is spoken to over TLS; write its address as https://host:port");
        }
    }

    /** A file may list engines of either kind. */
    private static boolean isClear(PoolConfig group) {
        DiscoveryConfig from = group.discovery();
        if (from != null) {
            return from.file() == null && !from.secure();
        }
        return group.engines().stream()
                .map(engine -> EngineUrl.parse(engine.url()))
                .allMatch(address -> address.isPresent() && !address.get().secure());
    }

    /** What the files hold. Reads them. */
    void files(Clock clock) {
        ServerTlsConfig tls = config.server().tls();
        boolean named = findings.sound("server.tls.certificate") && findings.sound("server.tls.key");
        if (tls != null && named && findings.sound("server.tls.clientCa")) {
            server(tls, clock);
        }
        for (int i = 0; i < config.pools().size(); i++) {
            String at = "pools[" + i + "].tls.ca";
            if (findings.sound(at)) {
                trust(config.pools().get(i).tls(), at);
            }
        }
    }

    private void server(ServerTlsConfig tls, Clock clock) {
        try {
            var unused = tls.files().load(clock);
        } catch (TlsFileException e) {
            findings.report("server.tls." + keyOf(e.file(), tls), problem(e));
        }
    }

    private static String keyOf(Path file, ServerTlsConfig tls) {
        if (file.equals(Path.of(tls.certificate()))) {
            return "certificate";
        }
        return file.equals(Path.of(tls.key())) ? "key" : "clientCa";
    }

    private void trust(EngineTlsConfig tls, String at) {
        @Nullable String ca = tls.ca();
        if (ca != null && tls.verify()) {
            try {
                var unused = EngineTrust.load(tls.value());
            } catch (TlsFileException e) {
                findings.report(at, problem(e));
            }
        }
    }

    private static String problem(TlsFileException e) {
        return ScalarReader.echo(e.file().toString()) + ": " + e.problem();
    }
}
