package io.penstock.proxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A smoke test of the fixtures: they speak HTTP, notice a peer that leaves, and find a leak. */
final class TestkitTest {

    @Test
    void engineAndClientSpeakToEachOther() throws IOException {
        try (FakeEngine engine = FakeEngine.start().answering(Script.events("a", "b"));
                RawClient client = RawClient.connect(engine.port())) {
            for (int i = 0; i < 2; i++) {
                RawResponse response =
                        client.post("/v1/completions", "{\"model\":\"m\"}").readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("data: a\n\ndata: b\n\ndata: [DONE]\n\n");
            }
            assertThat(engine.journal().requests()).hasSize(2);
            assertThat(engine.journal().requests().get(1).text()).isEqualTo("{\"model\":\"m\"}");
            assertThat(engine.journal().connectionsOpened()).isEqualTo(1);
            assertThat(engine.journal().defects()).isEmpty();
        }
    }

    @Test
    void aPeerThatLeavesIsCountedAsAnAbort() throws IOException {
        try (FakeEngine engine = FakeEngine.start().answering(turn -> {
                    turn.request();
                    turn.eventStream().event("a").awaitPeerLeft();
                });
                RawClient client = RawClient.connect(engine.port())) {
            client.post("/v1/completions", "{}").readHead();
            assertThat(new String(client.readChunk(), StandardCharsets.UTF_8)).isEqualTo("data: a\n\n");
            client.abort();
            engine.journal().awaitAborts(1);
            engine.journal().awaitConnectionsClosed(1);
        }
    }

    @Test
    void probesAreAnsweredAndNotCounted() throws IOException {
        try (FakeEngine engine = FakeEngine.start().healthy(false)) {
            try (RawClient client = RawClient.connect(engine.port())) {
                assertThat(client.get("/health").readResponse().status()).isEqualTo(503);
            }
            assertThat(engine.journal().heads()).isEmpty();
            assertThat(engine.journal().probes()).isEqualTo(1);
            assertThat(engine.journal().connectionsOpened()).isZero();
        }
    }

    @Test
    void aLeakedBufferIsFound() {
        for (ByteBufAllocator allocator :
                new ByteBufAllocator[] {ByteBufAllocator.DEFAULT, UnpooledByteBufAllocator.DEFAULT}) {
            ByteBuf buffer = allocator.directBuffer(16);
            assertThatThrownBy(() -> LeakGuard.check(Duration.ofMillis(20)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("1 buffers");
            buffer.release();
        }
        LeakGuard.check(Duration.ofMillis(20));
    }
}
