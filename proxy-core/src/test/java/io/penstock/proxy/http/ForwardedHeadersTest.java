package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.local.LocalAddress;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardedHeadersTest {

    private static final Networks TRUSTED = Networks.of(List.of("10.0.0.0/8", "fd00::/8"));

    @Test
    void whatAnUntrustedPeerSaysOfItselfIsReplaced() {
        HttpHeaders told = told("203.0.113.9", true, claims());
        assertThat(told.getAll("x-forwarded-for")).containsExactly("203.0.113.9");
        assertThat(told.getAll("x-forwarded-proto")).containsExactly("https");
        assertThat(told.getAll("x-forwarded-host")).containsExactly("asked-for");
        assertThat(told.names()).doesNotContain("forwarded", "x-real-ip", "x-forwarded-port");
    }

    @Test
    void whatATrustedProxySaysIsKeptAndAddedTo() {
        HttpHeaders told = told("10.1.2.3", false, claims());
        assertThat(told.getAll("x-forwarded-for")).containsExactly("192.0.2.1, 10.0.0.2, 10.1.2.3");
        assertThat(told.getAll("x-forwarded-proto")).containsExactly("wss");
        assertThat(told.getAll("x-forwarded-host")).containsExactly("claimed");
        assertThat(told.getAll("forwarded")).containsExactly("for=192.0.2.1, for=10.1.2.3;proto=http");
        assertThat(told.get("x-real-ip")).isEqualTo("192.0.2.1");
    }

    @Test
    void aTrustedProxyThatSaysNothingIsToldOfItself() {
        HttpHeaders told = told("fd00::7", true, new DefaultHttpHeaders());
        assertThat(told.getAll("x-forwarded-for")).containsExactly("fd00:0:0:0:0:0:0:7");
        assertThat(told.get("x-forwarded-proto")).isEqualTo("https");
        assertThat(told.contains("forwarded")).isFalse();
    }

    @Test
    void anIpv6NodeIsQuotedInForwarded() {
        HttpHeaders told = told("fd00::7", true, new DefaultHttpHeaders().add("forwarded", "for=192.0.2.1"));
        assertThat(told.get("forwarded")).isEqualTo("for=192.0.2.1, for=\"[fd00:0:0:0:0:0:0:7]\";proto=https");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 | 192.0.2.1              | 203.0.113.9",
                "10.0.0.1    | 192.0.2.1              | 192.0.2.1",
                "10.0.0.1    | 192.0.2.1, 10.0.0.2    | 192.0.2.1",
                "10.0.0.1    | 192.0.2.1, 192.0.2.2   | 192.0.2.2",
                "10.0.0.1    | 192.0.2.1:4711         | 192.0.2.1",
                "10.0.0.1    | [2001:db8::1]:4711     | 2001:db8::1",
                "10.0.0.1    | 2001:db8::1            | 2001:db8::1",
                "10.0.0.1    | 10.0.0.9               | 10.0.0.9",
                "10.0.0.1    | 192.0.2.1, unknown     | 10.0.0.1",
                "10.0.0.1    | 192.0.2.1, x, 10.0.0.2 | 10.0.0.2",
                "10.0.0.1    | ,                      | 10.0.0.1",
            })
    void theClientIsTheLastAddressThatNoTrustedProxyHas(String peer, String forwardedFor, String client) {
        HttpHeaders sent = new DefaultHttpHeaders().add("x-forwarded-for", forwardedFor);
        assertThat(head(peer, sent).clientAddress()).isEqualTo(NetworksTest.ip(client));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "203.0.113.9"})
    void withoutTheHeaderThePeerIsTheClient(String peer) {
        assertThat(head(peer, new DefaultHttpHeaders()).clientAddress()).isEqualTo(NetworksTest.ip(peer));
    }

    @Test
    void aPeerWithoutAnIpAddressIsNobodysProxy() {
        ClientOrigin origin = new ClientOrigin(LocalAddress.ANY, false, TRUSTED);
        HttpHeaders headers = claims();
        ForwardedHeaders.tell(headers, origin, null);
        assertThat(headers.names()).containsExactly("x-forwarded-proto");
        assertThat(ForwardedHeaders.client(claims(), origin)).isNull();
    }

    private static HttpHeaders claims() {
        return new DefaultHttpHeaders()
                .add("x-forwarded-for", "192.0.2.1")
                .add("x-forwarded-for", "10.0.0.2")
                .add("x-forwarded-proto", "wss")
                .add("x-forwarded-host", "claimed")
                .add("x-forwarded-port", "1")
                .add("x-real-ip", "192.0.2.1")
                .add("forwarded", "for=192.0.2.1");
    }

    private static HttpHeaders told(String peer, boolean secure, HttpHeaders sent) {
        ForwardedHeaders.tell(sent, origin(NetworksTest.ip(peer), secure), "asked-for");
        return sent;
    }

    private static RequestHead head(String peer, HttpHeaders sent) {
        return new RequestHead(HttpMethod.GET, "/", sent, origin(NetworksTest.ip(peer), false), "id", 0);
    }

    private static ClientOrigin origin(@Nullable InetAddress ip, boolean secure) {
        return new ClientOrigin(new InetSocketAddress(ip, 4711), secure, TRUSTED);
    }
}
