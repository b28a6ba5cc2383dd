package io.penstock.router.simulate;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine without sockets and with a clock that only a test moves. Threading: the test's thread.
 */
final class EngineBench implements AutoCloseable {

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel engineLoop = channel();
    private final List<BenchClient> clients = new ArrayList<>();
    final EngineAssembly assembly;

    EngineBench(SimulatedEngineOptions options) {
        assembly = new EngineAssembly(options, engineLoop.eventLoop(), ticker::nanoTime);
    }

    private EmbeddedChannel channel() {
        return EmbeddedChannel.builder().ticker(ticker).build();
    }

    /** A new connection. */
    BenchClient connect() {
        EmbeddedChannel channel = channel();
        channel.pipeline().addLast(assembly.front());
        BenchClient client = new BenchClient(channel);
        clients.add(client);
        return client;
    }

    /** A new connection that has sent a POST. */
    BenchClient post(String path, String json, String... headers) {
        return connect().post(path, json, headers);
    }

    /** Lets time pass, one millisecond after the other. */
    void advance(int millis) {
        for (int i = 0; i < millis; i++) {
            ticker.advance(1, TimeUnit.MILLISECONDS);
            settle();
        }
    }

    /** Runs what is to be run at this moment. */
    void settle() {
        engineLoop.runPendingTasks();
        clients.forEach(BenchClient::settle);
    }

    EngineCounters counters() {
        return assembly.counters();
    }

    @Override
    public void close() {
        clients.forEach(BenchClient::close);
        engineLoop.finishAndReleaseAll();
    }

    static FullHttpRequest request(HttpMethod method, String path, String body, String... headers) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, method, path, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        request.headers().set("content-type", "application/json");
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.headers().set(headers[i], headers[i + 1]);
        }
        return request;
    }
}
