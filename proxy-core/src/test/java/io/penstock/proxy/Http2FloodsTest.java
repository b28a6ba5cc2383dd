package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.ClientProtocolError;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawH2Client;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that cost a client nearly nothing, sent without end: the connection ends with ENHANCE_YOUR_CALM (RFC 9113, section 10.5). */
final class Http2FloodsTest {

    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int ENDLESS = 50_000;

    private final ProxyUnderTest proxy;
    private final RawH2Client client;

    Http2FloodsTest() throws Exception {
        proxy = new ProxyUnderTest(request -> request.loop()
                .newSucceededFuture(
                        new RouteDecision.Answer(200, "text/plain", Unpooled.EMPTY_BUFFER, RouteLabels.NONE)));
        client = RawH2Client.connect(proxy.server.port());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        proxy.close();
    }

    /** One round of a flood. */
    @FunctionalInterface
    interface Round {
        void send(RawH2Client client, int number) throws IOException;
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                flood(
                        ClientProtocolError.RESET_FLOOD,
                        (client, i) -> client.post(2 * i + 3, false, "/").reset(2 * i + 3, 8)),
                flood(
                        ClientProtocolError.STREAM_ERROR_FLOOD,
                        (client, i) -> client.post(2 * i + 3, false, "/").window(2 * i + 3, Integer.MAX_VALUE)),
                flood(ClientProtocolError.PING_FLOOD, (client, i) -> client.frame(H2Frame.PING, 0, 0, new byte[8])),
                flood(ClientProtocolError.SETTINGS_FLOOD, (client, i) -> client.settings(4, 65_535)),
                flood(
                        ClientProtocolError.PRIORITY_FLOOD,
                        (client, i) -> client.frame(H2Frame.PRIORITY, 0, 2 * i + 1_001, new byte[5])),
                flood(ClientProtocolError.WINDOW_UPDATE_FLOOD, (client, i) -> client.window(0, 1)),
                flood(ClientProtocolError.EMPTY_DATA_FLOOD, (client, i) -> client.data(1, false, "")),
                flood(ClientProtocolError.TINY_DATA_FLOOD, (client, i) -> client.data(1, false, "x")),
                flood(ClientProtocolError.UNKNOWN_FRAME_FLOOD, (client, i) -> client.frame(99, 0, 0)),
                flood(
                        ClientProtocolError.CONTINUATION_FLOOD,
                        (client, i) -> client.frame(i == 0 ? H2Frame.HEADERS : H2Frame.CONTINUATION, 0, 3)));
    }

    private static Arguments flood(ClientProtocolError kind, Round round) {
        return Arguments.of(kind, round);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void anEndlessFloodEndsTheConnection(ClientProtocolError kind, Round round) throws Exception {
        client.post(1, false, "/");
        try {
            for (int i = 0; i < ENDLESS; i++) {
                round.send(client, i);
            }
            assertThat(client.isClosedByRouter()).isTrue();
        } catch (SocketException | EOFException e) {
            // closed in the midst of it
        }
        ProxyUnderTest.await(proxy.clients, 0);
        assertThat(proxy.protocolErrors).endsWith(kind);
        assertThat(proxy.protocolErrors).filteredOn(kind::equals).hasSize(1);
    }

    @Test
    void theClientIsToldToBeCalm() throws Exception {
        for (int i = 0; i < 101; i++) {
            client.settings(4, 65_535);
        }
        assertThat(client.goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    }

    @Test
    void manyLargeContinuationsAreNotCollected() throws Exception {
        client.frame(H2Frame.HEADERS, 0, 1, RawH2Client.literals("x-a", "b".repeat(16_000)));
        for (int i = 0; i < 5; i++) {
            client.frame(H2Frame.CONTINUATION, 0, 1, RawH2Client.literals("x-a", "b".repeat(16_000)));
        }
        assertThat(client.isClosedByRouter()).isTrue();
    }

    @Test
    void aClientThatOnlyWorksHardIsServed() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            int stream = 2 * i + 1;
            client.request(stream, "/", "{}").window(0, 65_535 / 2).frame(H2Frame.PRIORITY, 0, stream + 2, new byte[5]);
            if (i % 100 == 0) {
                client.frame(H2Frame.PING, 0, 0, new byte[8]).settings(4, 65_535 + i);
            }
            assertThat(client.answer(stream).status()).isEqualTo(200);
        }
        assertThat(proxy.protocolErrors).isEmpty();
    }
}
