package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.testkit.Gate;
import io.penstock.router.simulate.ChatPrompt;
import io.penstock.router.simulate.EngineProtocol;
import io.penstock.router.simulate.SimulatedEngine;
import io.penstock.router.simulate.SimulatedEngineOptions;
import io.penstock.router.simulate.SimulatedText;
import io.penstock.router.simulate.TimeModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The simulated engine on real sockets, in both protocols. */
final class SimulatedEngineIT {

    private static final String CHAT = "/v1/chat/completions";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static SimulatedEngineOptions.Builder quick() {
        return SimulatedEngineOptions.builder()
                .seed(42)
                .time(TimeModel.of(Duration.ofMillis(5), Duration.ofMillis(1)).withSlots(1000));
    }

    private static String chat(String content, int tokens) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}],\"stream\":true,"
                + "\"ignore_eos\":true,\"max_tokens\":" + tokens + "}";
    }

    private static String expected(String content, int tokens) {
        return SimulatedText.of(42, ChatPrompt.ofUser(content)).first(tokens);
    }

    private static HttpRequest post(SimulatedEngine engine, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(engine.url() + CHAT))
                .timeout(Gate.LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    private static Socket connect(SimulatedEngine engine, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout((int) Gate.LIMIT.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), engine.port()));
        return socket;
    }

    private static void send(Socket socket, String body, String headerLines) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + CHAT + " HTTP/1.1\r\nhost: e\r\ncontent-type: application/json\r\n" + headerLines
                + "content-length: " + bytes.length + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
    }

    @Test
    void bothProtocolsOnOnePortStreamTheSameBytes() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build());
                H2cClient h2c = new H2cClient(engine.port())) {
            HttpResponse<String> http1 =
                    client.send(post(engine, chat("hello", 200)), HttpResponse.BodyHandlers.ofString());
            String http2 = h2c.post(CHAT, chat("hello", 200)).body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(http1.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
            assertThat(EventText.said(http1.body(), 0)).isEqualTo(expected("hello", 200));
            assertThat(EventText.said(http2, 0)).isEqualTo(expected("hello", 200));
        }
    }

    @Test
    void hundredsOfStreamsOnOneConnectionAreEachComplete() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(
                        quick().protocols(EnumSet.of(EngineProtocol.H2C)).build());
                H2cClient h2c = new H2cClient(engine.port())) {
            List<H2cClient.Stream> streams = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                streams.add(h2c.post(CHAT, chat("stream " + i, 30)));
            }
            for (int i = 0; i < streams.size(); i++) {
                String body = streams.get(i).body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
                assertThat(EventText.said(body, 0)).isEqualTo(expected("stream " + i, 30));
            }
            assertThat(engine.counters().finished()).isEqualTo(400);
            assertThat(engine.counters().connectionsOpened()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionThatClosesAbortsItsRequest() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build())) {
            try (Socket socket = connect(engine, 64 << 10)) {
                send(socket, chat("long", 100_000), "");
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            await().until(() -> engine.counters().aborted() == 1);
            assertThat(engine.counters().running()).isZero();
            assertThat(engine.counters().tokensSpared()).isPositive();
        }
    }

    @Test
    void aResetStreamAbortsItsRequestAndLeavesTheConnectionOpen() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build());
                H2cClient h2c = new H2cClient(engine.port())) {
            H2cClient.Stream endless = h2c.post(CHAT, chat("long", 100_000));
            endless.firstBytes.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            endless.cancel();
            await().until(() -> engine.counters().aborted() == 1);
            String after = h2c.post(CHAT, chat("next", 5)).body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(EventText.said(after, 0)).isEqualTo(expected("next", 5));
        }
    }

    @Test
    void aSlowReaderStopsTheSendingButLosesNothing() throws Exception {
        int tokens = 50_000;
        try (SimulatedEngine engine =
                        SimulatedEngine.start(quick().time(TimeModel.instant()).build());
                Socket socket = connect(engine, 4096)) {
            send(socket, chat("slow", tokens), "connection: close\r\n");
            await().until(() -> engine.counters().tokensGenerated() == tokens);
            await().until(() -> engine.counters().tokensSent() > 0);
            assertThat(engine.counters().tokensSent()).isLessThan(tokens);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).endsWith("data: [DONE]\n\n\r\n0\r\n\r\n");
            assertThat(engine.counters().tokensSent()).isEqualTo(tokens);
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterItsKeepAlive() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(
                        quick().keepAlive(Duration.ofMillis(200)).build());
                Socket socket = connect(engine, 64 << 10)) {
            send(socket, chat("quick", 1), "");
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.UTF_8)).endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void aRequestThatTakesLongerThanTheKeepAliveIsNotIdle() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().keepAlive(Duration.ofMillis(50))
                .time(TimeModel.of(Duration.ofMillis(300), Duration.ofMillis(1)))
                .build())) {
            HttpResponse<String> answer =
                    client.send(post(engine, chat("patience", 2)), HttpResponse.BodyHandlers.ofString());
            assertThat(EventText.said(answer.body(), 0)).isEqualTo(expected("patience", 2));
        }
    }

    @Test
    void aResetIsARealResetInBothProtocols() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build());
                H2cClient h2c = new H2cClient(engine.port());
                Socket socket = connect(engine, 64 << 10)) {
            send(socket, chat("reset", 10), "x-sim-fault: reset-after=3\r\n");
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::readAllBytes).isInstanceOf(SocketException.class);
            H2cClient.Stream stream = h2c.post(CHAT, chat("reset", 10), "x-sim-fault", "reset-after=3");
            assertThatThrownBy(() -> stream.body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("RST_STREAM 2");
            H2cClient.Stream refused = h2c.post(CHAT, chat("reset", 10), "x-sim-fault", "refuse-stream");
            assertThatThrownBy(() -> refused.status.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .hasMessageContaining("RST_STREAM 7");
            assertThat(h2c.open()).isTrue();
        }
    }

    @Test
    void aCutEndsTheConnectionInBothProtocols() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build());
                H2cClient h2c = new H2cClient(engine.port());
                Socket socket = connect(engine, 64 << 10)) {
            send(socket, chat("cut", 10), "x-sim-fault: cut-after=3\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).endsWith("]}\n\n\r\n").doesNotContain("[DONE]");
            H2cClient.Stream stream = h2c.post(CHAT, chat("cut", 10), "x-sim-fault", "cut-after=3");
            assertThatThrownBy(() -> stream.body.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
            await().until(() -> !h2c.open());
        }
    }

    @Test
    void anEngineThatDiedAndCameBackListensOnItsPortAgain() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(quick().build())) {
            engine.kill();
            assertThatThrownBy(() -> client.send(post(engine, chat("a", 1)), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(ConnectException.class);
            engine.acceptConnections();
            assertThat(client.send(post(engine, chat("a", 1)), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anEngineOfHttp1RefusesThePrefaceAsUvicornDoes() throws Exception {
        try (SimulatedEngine engine = SimulatedEngine.start(
                        quick().protocols(EnumSet.of(EngineProtocol.HTTP1)).build());
                Socket socket = connect(engine, 64 << 10)) {
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400").endsWith("Invalid HTTP request received.");
        }
    }
}
