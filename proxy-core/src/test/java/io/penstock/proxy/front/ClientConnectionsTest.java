package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.proxy.api.ClientLimit;
import io.penstock.proxy.api.ClientLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClientConnectionsTest {

    private static final InetSocketAddress ONE = new InetSocketAddress("192.0.2.1", 1);
    private static final InetSocketAddress TWO = new InetSocketAddress("192.0.2.2", 1);

    @Test
    void oneTooManyIsNamedAndNotCounted() {
        var connections = new ClientConnections(limits(2, 0));
        assertThat(connections.open(ONE)).isNull();
        assertThat(connections.open(ONE)).isNull();
        assertThat(connections.open(TWO)).isEqualTo(ClientLimit.CONNECTIONS);
        assertThat(connections.count()).isEqualTo(2);
        connections.closed(ONE);
        assertThat(connections.open(TWO)).isNull();
        assertThat(connections.addresses()).isZero();
    }

    @Test
    void oneTooManyOfAnAddressLeavesTheOthersTheirs() {
        var connections = new ClientConnections(limits(10, 1));
        assertThat(connections.open(ONE)).isNull();
        assertThat(connections.open(new InetSocketAddress("192.0.2.1", 2)))
                .isEqualTo(ClientLimit.CONNECTIONS_PER_ADDRESS);
        assertThat(connections.open(TWO)).isNull();
        assertThat(connections.count()).isEqualTo(2);
        connections.closed(ONE);
        assertThat(connections.open(ONE)).isNull();
    }

    @Test
    void aNetworkOfIpv6CountsAsOneAddress() {
        var connections = new ClientConnections(limits(10, 1));
        assertThat(connections.open(new InetSocketAddress("2001:db8:0:1::1", 1)))
                .isNull();
        assertThat(connections.open(new InetSocketAddress("2001:db8:0:1:ffff::2", 1)))
                .isEqualTo(ClientLimit.CONNECTIONS_PER_ADDRESS);
        assertThat(connections.open(new InetSocketAddress("2001:db8:0:2::1", 1)))
                .isNull();
    }

    @Test
    void nothingIsLeftWhenAllHaveGoneFromManyThreads() throws InterruptedException {
        var connections = new ClientConnections(limits(1_000_000, 1_000));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    InetSocketAddress client = i % 2 == 0 ? ONE : TWO;
                    if (connections.open(client) == null) {
                        connections.closed(client);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(connections.count()).isZero();
        assertThat(connections.addresses()).isZero();
    }

    private static ClientLimits limits(int all, int each) {
        Duration second = Duration.ofSeconds(1);
        return new ClientLimits(all, each, 0, Duration.ZERO, 128, second, second, second);
    }
}
