package io.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawH2Client;
import io.penstock.proxy.testkit.RawResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of clients while there is no memory for buffers of sockets. */
final class MemoryRunsOutTest {

    private static final String UPLOAD = "x".repeat(1 << 20);

    private final Allocator memory = new Allocator();
    private final ProxyUnderTest proxy;

    MemoryRunsOutTest() throws Exception {
        proxy = new ProxyUnderTest(
                request -> request.loop()
                        .newSucceededFuture(new RouteDecision.Answer(
                                200,
                                "text/plain",
                                Unpooled.copiedBuffer("ok", StandardCharsets.US_ASCII),
                                RouteLabels.NONE)),
                ProxyOptions.DEFAULT,
                new EventLoops("no-memory", 1, memory));
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void aBodyIsRefusedAndTheConnectionServesAgainWhenThereIsMemory() throws Exception {
        try (RawClient client = proxy.client()) {
            memory.isOut = true;
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ntransfer-encoding: chunked\r\n\r\n")
                    .send(Integer.toHexString(UPLOAD.length()) + "\r\n" + UPLOAD + "\r\n0\r\n\r\n");
            refused(client.readResponse());
        }
        try (RawClient client = proxy.client()) {
            refused(client.post("/v1/x", "{}").readResponse());
            memory.isOut = false;
        }
        try (RawClient client = proxy.client()) {
            assertThat(client.get("/v1/x").readResponse().status()).isEqualTo(200);
        }
        try (RawClient client = proxy.client()) {
            assertThat(client.post("/v1/x", UPLOAD).readResponse().text()).isEqualTo("ok");
            proxy.nextExchange();
            proxy.nextExchange();
        }
        assertThat(proxy.server.bufferedBytes()).isZero();
    }

    @Test
    void memoryThatRunsOutInTheMiddleOfABodyIsToldToo() throws Exception {
        try (RawClient client = proxy.client()) {
            client.send("POST /v1/x HTTP/1.1\r\nhost: r\r\ncontent-length: " + UPLOAD.length() + "\r\n\r\n")
                    .send(UPLOAD.substring(UPLOAD.length() / 2));
            long start = System.nanoTime();
            while (proxy.server.bufferedBytes() < UPLOAD.length() / 4) {
                assertThat(System.nanoTime() - start).isLessThan(Gate.LIMIT.toNanos());
                LockSupport.parkNanos(1_000_000);
            }
            memory.isOut = true;
            client.send(UPLOAD.substring(UPLOAD.length() / 2));
            refused(client.readResponse());
        }
        assertThat(proxy.server.bufferedBytes()).isZero();
    }

    @Test
    void aStreamIsRefusedAndItsConnectionGoesOn() throws Exception {
        try (RawH2Client client = RawH2Client.connect(proxy.server.port())) {
            client.request(1, "/v1/x", "{}");
            assertThat(client.answer(1).text()).isEqualTo("ok");
            // the next request must not come into a buffer that was taken for the acknowledgement of SETTINGS
            client.frame(H2Frame.PING, 0, 0, new byte[8]).next(H2Frame.PING);
            memory.isOut = true;
            client.request(3, "/v1/x", "{}");
            assertThat(client.answer(3).text()).contains("buffers_full");
            memory.isOut = false;
            client.request(5, "/v1/x", "{}");
            client.answer(5);
            client.request(7, "/v1/x", "{}");
            assertThat(client.answer(7).text()).isEqualTo("ok");
        }
    }

    private void refused(RawResponse response) throws InterruptedException {
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.text()).contains("\"code\":\"buffers_full\"");
        assertThat(response.head().value("retry-after")).isEqualTo("1");
        assertThat(proxy.nextExchange().failure()).isEqualTo(FailureKind.BUFFERS_FULL);
    }

    /** Has memory outside the heap, or has not, as Netty says it. Threading: any thread. */
    private static final class Allocator extends AbstractByteBufAllocator {

        private volatile boolean isOut;

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return ByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            if (isOut) {
                throw new OutOfMemoryError("expected by the test");
            }
            return ByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return true;
        }
    }
}
