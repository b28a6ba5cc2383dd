package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

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
    void oneTooManyIsNotCounted() {
        var connections = new ClientConnections(limits(2, 0));
        assertThat(connections.open()).isTrue();
        assertThat(connections.open()).isTrue();
        assertThat(connections.open()).isFalse();
        assertThat(connections.count()).isEqualTo(2);
        connections.closed();
        assertThat(connections.open()).isTrue();
        assertThat(connections.openOf(ONE)).isTrue();
        assertThat(connections.addresses()).isZero();
    }

    @Test
    void oneTooManyOfAnAddressLeavesTheOthersTheirs() {
        var connections = new ClientConnections(limits(10, 1));
        assertThat(connections.openOf(ONE)).isTrue();
        assertThat(connections.openOf(new InetSocketAddress("192.0.2.1", 2))).isFalse();
        assertThat(connections.openOf(TWO)).isTrue();
        assertThat(connections.addresses()).isEqualTo(2);
        connections.closedOf(ONE);
        assertThat(connections.openOf(ONE)).isTrue();
    }

    @Test
    void aNetworkOfIpv6CountsAsOneAddress() {
        var connections = new ClientConnections(limits(10, 1));
        assertThat(connections.openOf(new InetSocketAddress("2001:db8:0:1::1", 1)))
                .isTrue();
        assertThat(connections.openOf(new InetSocketAddress("2001:db8:0:1:ffff::2", 1)))
                .isFalse();
        assertThat(connections.openOf(new InetSocketAddress("2001:db8:0:2::1", 1)))
                .isTrue();
    }

    @Test
    void nothingIsLeftWhenAllHaveGoneFromManyThreads() throws InterruptedException {
        var connections = new ClientConnections(limits(1_000_000, 1_000));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    InetSocketAddress client = i % 2 == 0 ? ONE : TWO;
                    if (connections.openOf(client)) {
                        connections.closedOf(client);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(connections.addresses()).isZero();
    }

    private static ClientLimits limits(int all, int each) {
        Duration second = Duration.ofSeconds(1);
        return new ClientLimits(all, each, 0, Duration.ZERO, 128, second, second, second);
    }
}
