package io.penstock.proxy.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which name servers the system has. */
final class SystemNameServersTest {

    private static final String NAME = "vllm.models.svc.cluster.local";

    @TempDir
    private Path folder;

    @Test
    void whereTheSystemNamesNoneNobodyElseIsAsked() throws Exception {
        Path file = folder.resolve("resolv.conf");
        var servers = new SystemNameServers(file.toString());
        assertNone(servers, file);
        Files.writeString(file, "search models.svc.cluster.local\noptions ndots:5\n");
        assertNone(servers, file);

        Files.writeString(file, "nameserver 10.96.0.10\nsearch models.svc.cluster.local\n");
        servers.read();
        assertThat(servers.problem()).isNull();
        assertThat(servers.nameServerAddressStream(NAME).next()).isEqualTo(new InetSocketAddress("10.96.0.10", 53));

        Files.writeString(file, "");
        assertNone(servers, file);
    }

    private static void assertNone(SystemNameServers servers, Path file) {
        String problem = "no name server is configured in " + file;
        assertThatThrownBy(servers::read)
                .isInstanceOf(UnknownHostException.class)
                .hasMessage(problem);
        assertThat(servers.problem()).isEqualTo(problem);
        assertThat(servers.nameServerAddressStream(NAME).size()).isZero();
    }
}
