package io.penstock.router.discovery;

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

    @TempDir
    private Path folder;

    @Test
    void whereTheSystemNamesNoneNobodyElseIsAsked() throws Exception {
        Path file = folder.resolve("resolv.conf");
        SystemNameServers servers = new SystemNameServers(file.toString());
        String problem = "there is no name server in " + file + "; write nameServers";
        assertThatThrownBy(servers::read)
                .isInstanceOf(UnknownHostException.class)
                .hasMessage(problem);
        Files.writeString(file, "search models.svc.cluster.local\noptions ndots:5\n");
        assertThatThrownBy(servers::read)
                .isInstanceOf(UnknownHostException.class)
                .hasMessage(problem);

        Files.writeString(file, "nameserver 10.96.0.10\nsearch models.svc.cluster.local\n");
        servers.read();
        assertThat(servers.nameServerAddressStream("vllm.models.svc.cluster.local")
                        .next())
                .isEqualTo(new InetSocketAddress("10.96.0.10", 53));
    }
}
