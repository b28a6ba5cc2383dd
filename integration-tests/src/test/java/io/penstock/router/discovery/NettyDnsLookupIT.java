package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.resolver.dns.DnsNameResolverBuilder;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the name servers of the system say, with search domains and without. */
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
        Files.writeString(file, "nameserver " + names.address().replace(':', '.') + "\n");
    }

    @AfterEach
    void close() {
        names.close();
        loops.close();
    }

    /** Short names are looked for in {@code one.test}, then in {@code two.test}, then as they are. */
    private DnsAnswer ask(String name) throws Exception {
        var config = new DnsConfig(name, Records.A, 8000, Scheme.HTTP, Duration.ofSeconds(30), List.of());
        var builder = new DnsNameResolverBuilder()
                .searchDomains(List.of("one.test", "two.test"))
                .ndots(1);
        try (var lookup = new NettyDnsLookup(config, loops, new SystemNameServers(file.toString()), builder)) {
            return lookup.ask().get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static List<String> hosts(DnsAnswer answer) {
        return answer.targets().stream().map(DnsAnswer.Target::host).toList();
    }

    @Test
    void theNameServersOfTheSystemAreAsked() throws Exception {
        names.addresses("vllm.test.", FIRST, SECOND);
        assertThat(hosts(ask("vllm.test."))).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
    }

    @Test
    void whereThereIsNoneThatIsTold() throws Exception {
        Files.delete(file);
        assertThatThrownBy(() -> ask("vllm.test."))
                .hasRootCauseMessage("no name server is configured in " + file + "; write nameServers");
    }

    @Test
    void aShortNameIsLookedForInOneDomainAfterTheOther() throws Exception {
        names.addresses("vllm.two.test.", SECOND);
        assertThat(hosts(ask("vllm"))).containsExactly("10.0.0.2");
    }

    @Test
    void thatAnotherNameDoesNotExistIsNoAnswerForOneThatWasCutShort() {
        names.addresses("vllm.one.test.", FIRST, SECOND);
        names.addresses6("vllm.", new byte[16]);
        names.truncates("vllm.one.test.");
        assertTooLong();
    }

    @Test
    void theAddressesOfAnotherNameAreNoAnswerForOneThatWasCutShort() {
        names.addresses("vllm.one.test.", FIRST, SECOND);
        names.addresses("vllm.two.test.", SECOND);
        names.truncates("vllm.one.test.");
        assertTooLong();
    }

    private void assertTooLong() {
        assertThatThrownBy(() -> ask("vllm"))
                .hasRootCauseMessage("the answer is too long for UDP, and over TCP there was none");
    }

    @Test
    void anAnswerOverTcpThatThereIsNothingLeadsToTheNextDomain() throws Exception {
        names.addresses("vllm.two.test.", SECOND);
        names.truncates("vllm.one.test.");
        names.answerOverTcp();
        assertThat(hosts(ask("vllm"))).containsExactly("10.0.0.2");
    }
}
