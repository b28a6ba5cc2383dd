package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.it.FakeNameServer;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.proxy.testkit.Gate;
import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the name servers of the system say. */
final class NettyDnsLookupIT {

    private static final byte[] FIRST = {10, 0, 0, 1};
    private static final byte[] SECOND = {10, 0, 0, 2};

    private final EventLoops loops = new EventLoops("lookup-test", 1);
    private final FakeNameServer names = FakeNameServer.start();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheServer() throws Exception {
        file = folder.resolve("resolv.conf");
        name(names);
    }

    @AfterEach
    void close() {
        names.close();
        loops.close();
    }

    private void name(FakeNameServer... servers) throws Exception {
        Files.write(
                file,
                Stream.of(servers)
                        .map(server -> "nameserver " + server.address().replace(':', '.'))
                        .toList());
    }

    private DnsAnswer ask(String name) throws Exception {
        var config = new DnsConfig(name, Records.A, 8000, Scheme.HTTP, Duration.ofSeconds(30), List.of());
        try (var lookup = new NettyDnsLookup(config, loops, new SystemNameServers(file.toString()))) {
            return lookup.ask().get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<String> hosts(DnsAnswer answer) {
        return answer.targets().stream().map(DnsAnswer.Target::host).toList();
    }

    @Test
    void theNameServersOfTheSystemAreAsked() throws Exception {
        names.addresses("vllm.test.", FIRST, SECOND);
        assertThat(hosts(ask("vllm.test"))).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
    }

    @Test
    void whereThereIsNoneThatIsTold() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> ask("vllm.test"))
                .hasRootCauseMessage("no name server is configured in " + file + "; write nameServers");
    }

    @Test
    void thatOneServerKnowsNoSuchNameIsNoAnswerWhereAnotherOneIsCutShort() throws Exception {
        try (FakeNameServer other = FakeNameServer.start()) {
            name(names, other);
            names.addresses("vllm.test.", FIRST, SECOND);
            names.truncates("vllm.test.");
            other.addresses6("vllm.test.", new byte[16]);
            assertThatThrownBy(() -> ask("vllm.test"))
                    .hasRootCauseMessage("the answer is too long for UDP, and over TCP there was none");
        }
    }
}
