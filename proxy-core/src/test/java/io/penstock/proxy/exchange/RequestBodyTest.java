package io.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestBodyTest {

    @Test
    void aBodyInTinyPiecesIsNotCopiedWholeAgainAndAgain() {
        int length = 100_000;
        AtomicLong copied = new AtomicLong();
        RequestBody body = new RequestBody(countingInto(copied), length, new BodyMemory(length));

        for (int i = 0; i < length; i++) {
            assertThat(body.add(Unpooled.copiedBuffer(new byte[] {(byte) i}))).isNull();
        }

        assertThat(copied).hasValueLessThan(3L * length);
        ByteBuf whole = body.whole();
        for (int i = 0; i < length; i++) {
            assertThat(whole.getByte(i)).isEqualTo((byte) i);
        }
        body.release();
        assertThat(whole.refCnt()).isZero();
    }

    @Test
    void aMillionPiecesAreHeldInFewComponents() {
        int length = 1 << 20 | 1 << 12;
        RequestBody body = new RequestBody(UnpooledByteBufAllocator.DEFAULT, length, new BodyMemory(length));

        for (int i = 0; i < length; i++) {
            assertThat(body.add(Unpooled.wrappedBuffer(new byte[] {7}))).isNull();
        }

        assertThat(body.length()).isEqualTo(length);
        assertThat(((CompositeByteBuf) body.whole()).numComponents()).isLessThan(2100);
        body.release();
    }

    @Test
    void bodiesAreCountedTogetherUntilTheyAreReleased() {
        BodyMemory memory = new BodyMemory(100 << 10);
        RequestBody small = body(memory);
        RequestBody large = body(memory);

        assertThat(small.add(Unpooled.wrappedBuffer(new byte[1000]))).isNull();
        assertThat(memory.held()).isZero();
        assertThat(small.complete()).isNull();
        assertThat(memory.held()).isEqualTo(1000);
        assertThat(large.add(Unpooled.wrappedBuffer(new byte[64 << 10]))).isNull();
        assertThat(memory.held()).isEqualTo(1000 + (64 << 10));
        assertThat(memory.hasRoomFor(64 << 10)).isFalse();
        assertKind(large.add(Unpooled.wrappedBuffer(new byte[64 << 10])), FailureKind.BUFFERS_FULL);
        large.release();
        assertThat(memory.held()).isEqualTo(1000);
        small.release();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aBodyWhoseLastBytesFindNoRoomIsRefused() {
        BodyMemory memory = new BodyMemory(999);
        RequestBody body = body(memory);
        assertThat(body.add(Unpooled.wrappedBuffer(new byte[1000]))).isNull();
        assertKind(body.complete(), FailureKind.BUFFERS_FULL);
        body.release();
        assertThat(memory.held()).isZero();
    }

    @Test
    void aBodyBeyondItsOwnLimitIsTooLargeWhateverRoomThereIs() {
        RequestBody body = new RequestBody(UnpooledByteBufAllocator.DEFAULT, 10, new BodyMemory(1000));
        assertThat(body.add(Unpooled.wrappedBuffer(new byte[10]))).isNull();
        assertKind(body.add(Unpooled.wrappedBuffer(new byte[1])), FailureKind.BODY_TOO_LARGE);
        body.release();
    }

    private static RequestBody body(BodyMemory memory) {
        return new RequestBody(UnpooledByteBufAllocator.DEFAULT, 1 << 20, memory);
    }

    private static void assertKind(@Nullable ProxyFailure failure, FailureKind kind) {
        assertThat(failure).isNotNull().extracting(ProxyFailure::kind).isEqualTo(kind);
    }

    private static ByteBufAllocator countingInto(AtomicLong bytes) {
        return new AbstractByteBufAllocator(false) {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                bytes.addAndGet(initialCapacity);
                return Unpooled.buffer(initialCapacity, maxCapacity);
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                return newHeapBuffer(initialCapacity, maxCapacity);
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }
        };
    }
}
