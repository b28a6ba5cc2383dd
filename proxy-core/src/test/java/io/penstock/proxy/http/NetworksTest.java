package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, fd00::1, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.4/30, 192.0.2.7, true",
        "192.0.2.4/30, 192.0.2.8, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::/0, 2001:db8::1, true",
        "::1, ::1, true",
    })
    void aNetworkHasTheAddressesWithItsPrefix(String network, String address, boolean has) {
        assertThat(Networks.of(List.of(network)).contains(ip(address))).isEqualTo(has);
    }

    @Test
    void oneNetworkOfSeveralIsEnough() {
        Networks networks = Networks.of(List.of("10.0.0.0/8", "192.168.0.0/16"));
        assertThat(networks.contains(ip("192.168.7.7"))).isTrue();
        assertThat(networks.contains(ip("172.16.0.1"))).isFalse();
        assertThat(Networks.NONE.contains(ip("10.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.1/8",
                "10.0.0/8",
                "fd00::/129",
                "fd00::1/64",
                "localhost",
                "localhost/8",
                "10.0.0.0/8/8",
                "fe80::1%eth0/64",
                "10.0.0.0/ 8"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThat(Networks.isNetwork(text)).isFalse();
        assertThatThrownBy(() -> Networks.of(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    static InetAddress ip(String text) {
        return Objects.requireNonNull(Networks.address(text), text);
    }
}
