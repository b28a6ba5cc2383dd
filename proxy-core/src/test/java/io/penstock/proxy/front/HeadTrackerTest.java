package io.penstock.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.penstock.proxy.testkit.H2Frame;
import io.penstock.proxy.testkit.RawH2Client;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class HeadTrackerTest {

    private static final int FRAME_HEADER = 9;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @Test
    void aHeadIsOpenFromItsFrameUntilTheLastContinuationWhereverTheBytesAreSplit() {
        sent.writeBytes(RawH2Client.PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(H2Frame.SETTINGS, 0, 0, 12);
        frame(H2Frame.SETTINGS, H2Frame.ACK, 0, 0);
        int begins = sent.size() + FRAME_HEADER;
        frame(H2Frame.HEADERS, 0, 1, 20);
        frame(H2Frame.CONTINUATION, 0, 1, 0);
        frame(H2Frame.CONTINUATION, H2Frame.END_HEADERS, 1, 5);
        int ends = sent.size();
        frame(H2Frame.DATA, 0, 1, 300);
        byte[] all = sent.toByteArray();
        for (int split = 1; split < all.length; split++) {
            var tracker = new HeadTracker();
            tracker.received(Unpooled.wrappedBuffer(all, 0, split));
            assertThat(tracker.isWithinHead()).as("after %d bytes", split).isEqualTo(split >= begins && split < ends);
            tracker.received(Unpooled.wrappedBuffer(all, split, all.length - split));
            assertThat(tracker.isWithinHead()).isFalse();
            assertThat(tracker.heads()).isEqualTo(1);
        }
    }

    @Test
    void everyByteMayComeAlone() {
        sent.writeBytes(RawH2Client.PREFACE.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 3; i++) {
            frame(H2Frame.HEADERS, H2Frame.END_HEADERS, 2 * i + 1, 7);
            frame(H2Frame.DATA, 0, 2 * i + 1, 300);
        }
        var tracker = new HeadTracker();
        for (byte one : sent.toByteArray()) {
            tracker.received(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        assertThat(tracker.isWithinHead()).isFalse();
        assertThat(tracker.heads()).isEqualTo(3);
    }

    private void frame(int type, int flags, int stream, int length) {
        sent.writeBytes(new H2Frame(type, flags, stream, new byte[length]).bytes());
    }
}
