package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.ImmediateExecutor;
import io.penstock.proxy.api.ConnectionRefusal;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.TlsContexts;
import io.penstock.proxy.http.ClientOrigin;
import io.penstock.proxy.http.Networks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol on the way in; TLS is tested on sockets. */
final class ArrivalsTest implements ProxyObserver {

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final String REQUEST = "GET / HTTP/1.1\r\n";

    private final List<ConnectionRefusal> refused = new ArrayList<>();
    private final List<ClientOrigin> ready = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void nothingIsLeft() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aPlainConnectionPassesNoHandler() {
        begin(false);
        assertThat(ready).hasSize(1);
        assertThat(channel.pipeline().names()).allMatch(name -> name.contains("TailContext"));
    }

    static List<byte[]> headers() {
        return List.of(
                "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n".getBytes(StandardCharsets.US_ASCII),
                version2(0x21, 0x11, 192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 1, 187));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderSplitAnywhereNamesTheClientAndWhatFollowsIsHandedOn(byte[] header) {
        byte[] all = joined(header, REQUEST.getBytes(StandardCharsets.US_ASCII));
        for (int split = 0; split <= all.length; split++) {
            var one = new ArrivalsTest();
            one.begin(true);
            one.send(all, 0, split);
            one.send(all, split, all.length);
            assertThat(one.ready)
                    .singleElement()
                    .extracting(ClientOrigin::address)
                    .hasToString("/192.0.2.1:4711");
            assertThat(one.received()).as("split at " + split).isEqualTo(REQUEST);
            assertThat(one.channel.pipeline().names()).allMatch(name -> name.contains("TailContext"));
            one.nothingIsLeft();
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderByteByByteIsReadToo(byte[] header) {
        begin(true);
        for (int i = 0; i < header.length; i++) {
            assertThat(ready).isEmpty();
            send(header, i, i + 1);
        }
        assertThat(ready).hasSize(1);
    }

    static List<byte[]> ofTheBalancerItself() {
        return List.of(
                "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
                version2(0x20, 0x00),
                version2(0x20, 0x11, 192, 0, 2, 1, 198, 51, 100, 1, 0x12, 0x67, 1, 187));
    }

    @ParameterizedTest
    @MethodSource("ofTheBalancerItself")
    void aConnectionOfTheBalancerItselfKeepsItsAddress(byte[] header) {
        begin(true);
        send(header, 0, header.length);
        assertThat(ready).singleElement().extracting(ClientOrigin::address).isEqualTo(channel.remoteAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nhost: router\r\n\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 4711\r\n",
                "PROXY TCP4 nowhere 198.51.100.1 4711 443\r\n",
                "PROXY TCP4 192.0.2.1 198.51.100.1 4711 99999\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.1 4711 443\r\n",
                "PROXY nonsense\r\n",
                "proxy TCP4 192.0.2.1 198.51.100.1 4711 443\r\n",
            })
    void whatIsNoHeaderEndsTheConnection(String first) {
        begin(true);
        byte[] bytes = first.getBytes(StandardCharsets.US_ASCII);
        send(bytes, 0, bytes.length);
        assertThat(refused).containsExactly(ConnectionRefusal.PROXY_HEADER);
        assertThat(channel.isOpen()).isFalse();
        assertThat(ready).isEmpty();
    }

    @Test
    void aHeaderWithoutAnEndIsNotReadForever() {
        begin(true);
        byte[] endless = ("PROXY TCP4 " + "1".repeat(200)).getBytes(StandardCharsets.US_ASCII);
        send(endless, 0, endless.length);
        assertThat(refused).containsExactly(ConnectionRefusal.PROXY_HEADER);
    }

    @Test
    void tooManyExtensionsEndTheConnection() {
        begin(true);
        int[] long2 = new int[12 + 5000];
        long2[12] = 4;
        byte[] header = version2(0x21, 0x11, long2);
        send(header, 0, header.length);
        assertThat(refused).containsExactly(ConnectionRefusal.PROXY_HEADER);
    }

    @Test
    void aSilentConnectionEndsInTime() {
        channel.freezeTime();
        begin(true);
        byte[] half = "PROXY TCP4".getBytes(StandardCharsets.US_ASCII);
        send(half, 0, half.length);
        channel.advanceTimeBy(4, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(refused).isEmpty();
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(refused).containsExactly(ConnectionRefusal.PROXY_TIMEOUT);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aCheckForAnOpenPortIsNotCounted() {
        begin(true);
        channel.close();
        assertThat(refused).isEmpty();
    }

    @Test
    void aDrainEndsAConnectionWithoutARequest() {
        begin(true);
        channel.pipeline().fireUserEventTriggered(Draining.BEGINS);
        assertThat(channel.isOpen()).isFalse();
        assertThat(refused).isEmpty();
    }

    private void begin(boolean proxyProtocol) {
        var arrival =
                new ProxyOptions.Arrival(proxyProtocol, Duration.ofSeconds(5), Duration.ofSeconds(10), Networks.NONE);
        var options =
                new ProxyOptions(ProxyOptions.Front.DEFAULT, ProxyOptions.Upstream.DEFAULT, arrival, TlsContexts.NONE);
        new Arrivals(options, ImmediateExecutor.INSTANCE, this, (it, protocol) -> ready.add(Arrivals.originOf(it)))
                .begin(channel);
    }

    private void send(byte[] bytes, int from, int to) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
    }

    private String received() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf next = channel.readInbound(); next != null; next = channel.readInbound()) {
            text.append(next.toString(StandardCharsets.US_ASCII));
            next.release();
        }
        return text.toString();
    }

    private static byte[] version2(int command, int family, int... rest) {
        byte[] header = new byte[16 + rest.length];
        System.arraycopy(SIGNATURE, 0, header, 0, 12);
        header[12] = (byte) command;
        header[13] = (byte) family;
        header[14] = (byte) (rest.length >> 8);
        header[15] = (byte) rest.length;
        for (int i = 0; i < rest.length; i++) {
            header[16 + i] = (byte) rest[i];
        }
        return header;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Override
    public void clientRefused(ConnectionRefusal why) {
        refused.add(why);
    }
}
