package io.penstock.it.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The load of one scenario towards one address or several, from its first connection to its last answer. Threading:
 * started and waited for by the main thread; all connections live on one loop. Every answer that began is waited for,
 * so that each is checked to its end.
 */
final class LoadRun {

    private final Scenario scenario;
    private final List<PreparedRequest> requests;
    private final EventLoop loop;
    private final Tally tally;
    private final CountDownLatch failed = new CountDownLatch(1);
    private final CountDownLatch open;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopping;

    private LoadRun(Scenario scenario, List<PreparedRequest> requests, EventLoop loop) {
        this.scenario = scenario;
        this.requests = requests;
        this.loop = loop;
        this.tally = new Tally(scenario.shape().stream());
        this.open = new CountDownLatch(scenario.shape().connections());
    }

    /** Starts the connections one after the other, spread over the scenario's ramp. */
    static LoadRun start(
            Scenario scenario, List<PreparedRequest> requests, EventLoops loops, List<InetSocketAddress> addresses) {
        LoadRun run = new LoadRun(scenario, requests, loops.group().next());
        Ticker ticker = Ticker.system();
        int connections = scenario.shape().connections();
        long step = scenario.ramp().toNanos() / connections;
        for (int i = 0; i < connections; i++) {
            InetSocketAddress address = addresses.get(i % addresses.size());
            Bootstrap bootstrap = new Bootstrap()
                    .group(run.loop)
                    .channel(loops.clientChannel())
                    .handler(new LoadConnection(run, i, ticker));
            run.loop.schedule(() -> run.connect(bootstrap, address), i * step, TimeUnit.NANOSECONDS);
        }
        return run;
    }

    private void connect(Bootstrap bootstrap, InetSocketAddress address) {
        bootstrap.connect(address).addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                failed(connected.cause());
                ended();
            }
        });
    }

    PreparedRequest request(long number) {
        return requests.get((int) (number % requests.size()));
    }

    long pauseNanos() {
        return scenario.timing().pause().toNanos();
    }

    /** True if answers are what an engine would send without a proxy, to the byte. */
    boolean comparesBytes() {
        return scenario.kind() != Scenario.Kind.MERGE;
    }

    /** An answer is complete whose tokens could not be counted one by one. */
    void countTokensUnlessStamped() {
        if (!comparesBytes()) {
            tally.chunks(scenario.shape().tokens());
        }
    }

    boolean stopping() {
        return stopping;
    }

    Tally tally() {
        return tally;
    }

    /** A connection saw something wrong; the first is the one that is told. */
    void failed(Throwable cause) {
        failure.compareAndSet(null, cause);
        stopping = true;
        failed.countDown();
    }

    /** A connection is closed. */
    void ended() {
        open.countDown();
    }

    /** Lets the load run for that long. */
    void hold(Duration time) throws InterruptedException {
        if (failed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
            rethrow();
        }
    }

    /** Starts to count. */
    void openWindow() throws InterruptedException {
        onLoop(() -> {
            tally.open();
            return tally;
        });
    }

    /** Stops to count. */
    Tally.Counts closeWindow() throws InterruptedException {
        return onLoop(tally::close);
    }

    private <T> T onLoop(Callable<T> task) throws InterruptedException {
        try {
            return loop.submit(task).get();
        } catch (ExecutionException e) {
            throw new BenchmarkException("the load's loop failed", e);
        }
    }

    /** Sends nothing more and waits for the answers that are due. */
    void finish(Duration patience) throws InterruptedException {
        stopping = true;
        boolean all = open.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        rethrow();
        if (!all) {
            throw new BenchmarkException(
                    open.getCount() + " answers did not end within " + patience.toSeconds() + " s");
        }
    }

    private void rethrow() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new BenchmarkException(scenario.name() + ": " + cause.getMessage(), cause);
        }
    }
}
