package io.penstock.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProxyHeadersTest {

    @Test
    void everyForwardedForLineOfATrustedProxyIsKeptInOrder() {
        HttpHeaders sent = new DefaultHttpHeaders()
                .add("x-forwarded-for", "203.0.113.9")
                .add("x-forwarded-for", "198.51.100.7, 198.51.100.8");

        assertThat(toEngine(sent).getAll("x-forwarded-for"))
                .containsExactly("203.0.113.9, 198.51.100.7, 198.51.100.8, 192.0.2.1");
    }

    @Test
    void fieldsNamedByConnectionEndHereButNotTheFraming() {
        HttpHeaders sent = new DefaultHttpHeaders()
                .add("connection", "keep-alive, X-Hop, Content-Length, host")
                .add("host", "router")
                .add("x-hop", "1")
                .add("content-length", "3");

        HttpHeaders engine = toEngine(sent);

        assertThat(engine.contains("x-hop")).isFalse();
        assertThat(engine.contains("connection")).isFalse();
        assertThat(engine.getAll("content-length")).containsExactly("0");
        assertThat(engine.getAll("host")).containsExactly("engine:8000");
    }

    private static HttpHeaders toEngine(HttpHeaders sent) {
        var client = new InetSocketAddress("192.0.2.1", 4711);
        var origin = new ClientOrigin(client, false, Networks.of(List.of("192.0.2.0/24")));
        var head = new RequestHead(HttpMethod.POST, "/v1/x", sent, origin, "id", 0);
        return ProxyHeaders.toEngine(head, "engine:8000", "id", 0);
    }
}
