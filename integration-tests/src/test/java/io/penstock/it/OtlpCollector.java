package io.penstock.it;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A collector of traces on a free port of this machine that keeps what it is sent by OTLP over HTTP. Threading: any thread.
 */
final class OtlpCollector implements AfterEachCallback {

    private static final String PATH = "/v1/traces";

    private final HttpServer server;
    private final List<OtlpSpan> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    private OtlpCollector(HttpServer server) {
        this.server = server;
        server.createContext(PATH, this::take);
        server.start();
    }

    static OtlpCollector start() {
        try {
            return new OtlpCollector(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int answer = status;
        if (answer == 200) {
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            spans.addAll(OtlpSpan.ofRequest(ByteBuffer.wrap(body)));
        }
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    /** Answers with this status from now on; keeps what it is sent only with 200. */
    void answer(int code) {
        status = code;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    /** The headers of the first export. */
    Map<String, List<String>> headers() {
        return headers.get(0);
    }

    /** Waits for so many spans. */
    List<OtlpSpan> spans(int count) {
        await().until(() -> spans.size() >= count);
        return List.copyOf(spans);
    }

    /** The only server span. */
    static OtlpSpan server(List<OtlpSpan> spans) {
        List<OtlpSpan> found =
                spans.stream().filter(span -> span.kind() == OtlpSpan.SERVER).toList();
        if (found.size() != 1) {
            throw new AssertionError("expected one server span in " + spans);
        }
        return Objects.requireNonNull(found.get(0));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        server.stop(0);
    }
}
