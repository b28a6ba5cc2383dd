package io.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RequestBodyTest {

    @Test
    void aBodyInTinyPiecesIsNotCopiedWholeAgainAndAgain() {
        int length = 100_000;
        AtomicLong copied = new AtomicLong();
        RequestBody body = new RequestBody(countingInto(copied), length);

        for (int i = 0; i < length; i++) {
            assertThat(body.add(Unpooled.copiedBuffer(new byte[] {(byte) i}))).isTrue();
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
        RequestBody body = new RequestBody(UnpooledByteBufAllocator.DEFAULT, length);

        for (int i = 0; i < length; i++) {
            body.add(Unpooled.wrappedBuffer(new byte[] {7}));
        }

        assertThat(body.length()).isEqualTo(length);
        assertThat(((CompositeByteBuf) body.whole()).numComponents()).isLessThan(2100);
        body.release();
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
