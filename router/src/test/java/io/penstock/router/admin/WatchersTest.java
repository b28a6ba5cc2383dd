package io.penstock.router.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchersTest {

    /** Never closed, for its clock. */
    private final EmbeddedChannel loop = new EmbeddedChannel();

    private final List<EmbeddedChannel> opened = new ArrayList<>();
    private final ArrayDeque<Runnable> worker = new ArrayDeque<>();
    private final Watchers watchers = new Watchers(this::event);
    private boolean workerIsFull;
    private boolean defect;
    private int made;

    WatchersTest() {
        loop.freezeTime();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        opened.forEach(EmbeddedChannel::finishAndReleaseAll);
        loop.finishAndReleaseAll();
    }

    private byte[] event(int watching) {
        if (defect) {
            throw new IllegalStateException("a defect");
        }
        return ("event " + ++made + " for " + watching + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private EmbeddedChannel watch() {
        return watch(new EmbeddedChannel());
    }

    private EmbeddedChannel watch(EmbeddedChannel channel) {
        opened.add(channel);
        watchers.add(channel, loop.eventLoop(), this::executeOnWorker);
        return channel;
    }

    private void executeOnWorker(Runnable task) {
        if (workerIsFull) {
            throw new RejectedExecutionException("full");
        }
        worker.add(task);
    }

    private void work() {
        loop.runPendingTasks();
        while (!worker.isEmpty()) {
            worker.remove().run();
        }
        loop.runPendingTasks();
    }

    private void second() {
        loop.advanceTimeBy(1, TimeUnit.SECONDS);
        work();
    }

    private static String told(EmbeddedChannel channel) {
        var text = new StringBuilder();
        for (HttpContent part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            ByteBuf content = part.content();
            text.append(content.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString();
    }

    @Test
    void nothingIsMadeWhileNobodyWatches() {
        second();
        second();

        assertThat(made).isZero();
    }

    @Test
    void everyWatcherIsToldAtOnceAndThenEachSecond() {
        EmbeddedChannel first = watch();
        work();
        assertThat(told(first)).isEqualTo("event 1 for 1\n");

        EmbeddedChannel second = watch();
        assertThat(told(second)).isEqualTo("event 1 for 1\n");
        second();

        assertThat(told(first)).isEqualTo("event 2 for 2\n");
        assertThat(told(second)).isEqualTo("event 2 for 2\n");
    }

    @Test
    void aWatcherThatLeavesIsForgottenAndTheLastOneEndsTheWork() {
        EmbeddedChannel first = watch();
        EmbeddedChannel second = watch();
        work();
        first.close();
        second();
        assertThat(made).isEqualTo(2);
        assertThat(watchers.count()).isEqualTo(1);

        second.close();
        second();

        assertThat(watchers.count()).isZero();
        assertThat(made).isEqualTo(2);
        EmbeddedChannel third = watch();
        assertThat(told(third)).as("what is old is not told").isEmpty();
        work();
        assertThat(told(third)).isEqualTo("event 3 for 1\n");
    }

    @Test
    void anEventThatIsReadyWhenAllHaveLeftIsDropped() {
        EmbeddedChannel first = watch();
        loop.runPendingTasks();
        first.close();
        work();

        EmbeddedChannel second = watch();
        assertThat(told(second)).isEmpty();
        work();

        assertThat(told(second)).isEqualTo("event 2 for 1\n");
    }

    @Test
    void theyAreBounded() {
        for (int i = 0; i < Watchers.MAX; i++) {
            assertThat(watchers.full()).isFalse();
            watch();
        }

        assertThat(watchers.full()).isTrue();
        opened.get(0).close();
        assertThat(watchers.full()).isFalse();
    }

    @Test
    void aWatcherThatTakesNothingHoldsOneEventAndIsDroppedInTheEnd() {
        var stuck = new Stuck();
        EmbeddedChannel slow = watch(new EmbeddedChannel(stuck));
        EmbeddedChannel quick = watch();
        work();
        for (int i = 0; i < Watchers.PATIENCE - 1; i++) {
            second();
        }
        assertThat(slow.isOpen()).isTrue();
        assertThat(stuck.held).hasSize(1);

        second();

        assertThat(slow.isOpen()).isFalse();
        assertThat(quick.isOpen()).isTrue();
        assertThat(watchers.count()).isEqualTo(1);
        stuck.held.forEach(HttpContent::release);
    }

    @Test
    void aBusyWorkerCostsEventsAndNotTheStream() {
        EmbeddedChannel channel = watch();
        workerIsFull = true;
        second();
        workerIsFull = false;
        second();

        assertThat(told(channel)).isEqualTo("event 1 for 1\n");
    }

    @Test
    void theNextEventIsNotAskedForBeforeTheLastOneWasMade() {
        watch();
        loop.runPendingTasks();
        loop.advanceTimeBy(5, TimeUnit.SECONDS);
        loop.runPendingTasks();

        assertThat(worker).hasSize(1);
    }

    @Test
    void aDefectCostsOneEvent() {
        EmbeddedChannel channel = watch();
        defect = true;
        work();
        defect = false;
        second();

        assertThat(told(channel)).isEqualTo("event 1 for 1\n");
    }

    /** A client that reads nothing. */
    private static final class Stuck extends ChannelOutboundHandlerAdapter {

        private final List<HttpContent> held = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            held.add((HttpContent) message);
        }
    }
}
