package io.penstock.router.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.EventTimes;
import io.penstock.proxy.api.ExchangeSummary;
import io.penstock.proxy.api.Requester;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.TokenUsage;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.config.AccessLogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which requests get a line, and what is in it. */
final class AccessLogTest {

    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-02T12:00:00.5Z"));
    private static final AccessLogConfig OFF = new AccessLogConfig(AccessLogConfig.Mode.OFF, 0.5);
    private static final AccessLogConfig SAMPLED = new AccessLogConfig(AccessLogConfig.Mode.SAMPLED, 0.5);
    private static final AccessLogConfig ON = new AccessLogConfig(AccessLogConfig.Mode.ON, 0);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private static ExchangeSummary summary(
            String id, String uri, int status, @Nullable FailureKind failure, ExchangeSummary.Learned learned) {
        var headers = new DefaultHttpHeaders().add("authorization", "Bearer secret");
        var client = new InetSocketAddress("192.0.2.1", 4711);
        return new ExchangeSummary(
                new RequestHead(HttpMethod.POST, uri, headers, client, "http", id, 0),
                ClientProtocol.HTTP2,
                new Requester(0xabcL, "team-a"),
                new RouteLabels("chat", "qwen", "qwen2.5"),
                new Endpoint("10.0.0.1", 8000, Endpoint.Protocol.HTTP1),
                status,
                failure,
                2,
                100,
                2000,
                new ExchangeSummary.Timing(2_000_000_000L, 30_001_400L, 1_000_000, 80_000, 5_000),
                learned);
    }

    private static ExchangeSummary summary(String id, String uri, int status, @Nullable FailureKind failure) {
        return summary(id, uri, status, failure, ExchangeSummary.Learned.NOTHING);
    }

    private static ExchangeSummary summary(String id, int status, @Nullable FailureKind failure) {
        return summary(id, "/v1/chat/completions", status, failure);
    }

    private List<JsonNode> lines() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        String text = out.toString(UTF_8);
        assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
        var lines = new java.util.ArrayList<JsonNode>();
        for (String line : text.lines().toList()) {
            lines.add(mapper.readTree(line));
        }
        return lines;
    }

    private AccessLog log(AccessLogConfig config, double lot) {
        return new AccessLog(config, out, NOON, () -> lot);
    }

    @Test
    void aLineSaysWhatHappenedAndTellsNoSecret() {
        AccessLog log = log(ON, 0.9);
        log.exchangeEnded(summary("id-1", "/v1/chat/completions?api_key=secret", 200, null));
        log.writeQueued();

        assertThat(out.toString(UTF_8))
                .isEqualTo(
                        "{\"time\":\"2026-01-02T12:00:00.500Z\",\"requestId\":\"id-1\",\"trace\":null,\"client\":\"192.0.2.1:4711\","
                                + "\"protocol\":\"http2\",\"method\":\"POST\",\"path\":\"/v1/chat/completions\","
                                + "\"session\":\"0000000000000abc\",\"key\":\"team-a\",\"route\":\"chat\",\"model\":\"qwen2.5\","
                                + "\"pool\":\"qwen\",\"engine\":\"10.0.0.1:8000\",\"status\":200,\"failure\":null,\"attempts\":2,"
                                + "\"requestBytes\":100,\"responseBytes\":2000,\"promptTokens\":null,\"tokens\":null,\"events\":null,"
                                + "\"queueMs\":0.005,\"connectMs\":1.0,"
                                + "\"firstByteMs\":30.001,\"totalMs\":2000.0}\n");
    }

    @Test
    void aLineSaysWhatTheAnswerTold() throws IOException {
        var times = new EventTimes();
        times.arrived(3, 1);
        AccessLog log = log(ON, 0);
        var learned = new ExchangeSummary.Learned(-1, null, new TokenUsage(5, -1, 2), times);
        log.exchangeEnded(summary("a", "/v1/chat/completions", 200, null, learned));
        log.writeQueued();

        assertThat(lines().get(0).path("tokens")).hasToString("{\"prompt\":5,\"cached\":null,\"completion\":2}");
        assertThat(lines().get(0).path("events").asInt()).isEqualTo(3);
    }

    @Test
    void aLineNamesTheTraceOrElseTheOneItsClientSent() throws IOException {
        AccessLog log = log(ON, 0);
        String sent = "0af7651916cd43dd8448eb211c80319c";
        var headers = new DefaultHttpHeaders().add("traceparent", "00-" + sent + "-b7ad6b7169203331-01");
        log.exchangeEnded(summary(headers, null));
        log.exchangeEnded(summary(headers, "4bf92f3577b34da6a3ce929d0e0e4736"));
        log.writeQueued();

        assertThat(lines())
                .extracting(line -> line.path("trace").asText())
                .containsExactly(sent, "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    private static ExchangeSummary summary(HttpHeaders headers, @Nullable String trace) {
        var client = new InetSocketAddress("192.0.2.1", 4711);
        return new ExchangeSummary(
                new RequestHead(HttpMethod.POST, "/", headers, client, "http", "id", 0),
                ClientProtocol.HTTP1,
                Requester.UNKNOWN,
                RouteLabels.NONE,
                null,
                200,
                null,
                0,
                0,
                0,
                new ExchangeSummary.Timing(0, 0, 0, 0, 0),
                new ExchangeSummary.Learned(-1, trace, null, null));
    }

    @Test
    void whateverAClientSendsALineStaysOneLineOfAscii() throws IOException {
        AccessLog log = log(ON, 0);
        String hostile = "/v1/\"},\n{\u0007\u2028\u00e4\ud800\\";
        log.exchangeEnded(summary("a\"b", hostile, 200, null));
        log.exchangeEnded(summary("x", "/" + "y".repeat(5_000), 200, null));
        log.writeQueued();

        assertThat(out.toString(UTF_8)).matches("(?s)[\\x20-\\x7e\\n]*");
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0).path("path").asText()).isEqualTo(hostile);
        assertThat(lines().get(0).path("requestId").asText()).isEqualTo("a\"b");
        assertThat(lines().get(1).path("path").asText()).hasSize(AccessEntry.MAX_PATH);
    }

    @Test
    void sampledMeansAShareAndEveryFailure() throws IOException {
        AccessLog unlucky = log(SAMPLED, 0.5);
        unlucky.exchangeEnded(summary("good", 200, null));
        unlucky.exchangeEnded(summary("theirs", 400, null));
        unlucky.exchangeEnded(summary("cut", 200, FailureKind.ENGINE_RESET));
        unlucky.writeQueued();
        AccessLog lucky = log(SAMPLED, 0.49);
        lucky.exchangeEnded(summary("drawn", 200, null));
        lucky.writeQueued();

        assertThat(lines())
                .extracting(line -> line.path("requestId").asText())
                .containsExactly("theirs", "cut", "drawn");
        assertThat(lines().get(1).path("failure").asText()).isEqualTo("engine_reset");
    }

    @Test
    void offMeansNothingAndMayChange() throws IOException {
        AccessLog log = log(OFF, 0);
        log.exchangeEnded(summary("before", 500, FailureKind.INTERNAL));
        log.configure(ON);
        log.exchangeEnded(summary("after", 200, null));
        log.writeQueued();

        assertThat(lines()).extracting(line -> line.path("requestId").asText()).containsExactly("after");
    }

    @Test
    void aFullQueueDropsAndCounts() throws IOException {
        AccessLog log = log(ON, 0);
        for (int i = 0; i < AccessLogWriter.MAX_QUEUED + 7; i++) {
            log.exchangeEnded(summary("id", 200, null));
        }
        assertThat(log.dropped()).isEqualTo(7);
        log.writeQueued();
        assertThat(lines()).hasSize(AccessLogWriter.MAX_QUEUED);
        log.exchangeEnded(summary("id", 200, null));
        assertThat(log.dropped()).isEqualTo(7);
    }

    @Test
    void aReaderThatIsGoneCostsLinesAndNothingElse() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        AccessLog log = new AccessLog(ON, broken, NOON, () -> 0);
        log.exchangeEnded(summary("1", 200, null));
        log.exchangeEnded(summary("2", 200, null));
        log.writeQueued();
        log.exchangeEnded(summary("3", 200, null));
        log.writeQueued();

        assertThat(log.dropped()).isEqualTo(3);
    }

    @Test
    void theEndWritesWhatIsLeft() throws IOException {
        AccessLog log = log(ON, 0);
        log.start();
        log.exchangeEnded(summary("last", 200, null));
        log.close();

        assertThat(lines()).hasSize(1);
    }
}
