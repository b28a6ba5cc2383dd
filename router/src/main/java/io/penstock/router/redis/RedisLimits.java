package io.penstock.router.redis;

import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.access.SharedBucket;
import io.penstock.router.access.SharedLimits;
import io.penstock.router.access.SharedObserver;
import io.penstock.router.config.SharedLimitsConfig;
import io.penstock.router.config.Units;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits that routers have in common, as buckets in Redis. After {@link #FAILURES_IN_A_ROW} requests one after the other that got no
 * answer, or none in time, nobody is asked until another connection has proved to be quick enough.
 *
 * <p>Threading: any thread.
 */
public final class RedisLimits implements SharedLimits, AutoCloseable {

    /** So many requests have to wait in vain before the others do not wait any more. */
    static final int FAILURES_IN_A_ROW = 3;

    private final String prefix;
    private final Duration patience;
    private final Ticker ticker;
    private final SharedObserver observer;
    private final RedisLink link;
    private final OpenQuestions open;
    private final FailureRow failures = new FailureRow();

    /** Limits as configured; {@link #start} begins to connect. */
    public RedisLimits(SharedLimitsConfig config, Ticker ticker, SharedObserver observer) {
        this(config, ticker, observer, new RedisConnector(config, System::getenv));
    }

    RedisLimits(SharedLimitsConfig config, Ticker ticker, SharedObserver observer, RedisLink link) {
        this.prefix = config.keyPrefix() + ":";
        this.patience = config.timeout();
        this.ticker = ticker;
        this.observer = observer;
        this.link = link;
        this.open = new OpenQuestions(observer);
    }

    /** Begins to connect; requests do not wait for it. */
    public void start() {
        link.start();
    }

    @Override
    public SharedBucket bucket(String name, long limit, LongSupplier left) {
        return new RedisBucket(prefix + name + ":" + limit, limit, left, new RedisBucket.Means(link, open));
    }

    @Override
    public boolean isReachable() {
        return link.buckets() != null;
    }

    @Override
    public long patienceNanos() {
        return patience.toNanos();
    }

    @Override
    public long nanos() {
        return ticker.nanos();
    }

    @Override
    public void answered(boolean passed, long nanos) {
        failures.end();
        observer.answered(passed, nanos);
    }

    @Override
    public void unanswered(Unanswered why, long began, @Nullable Throwable cause) {
        observer.unanswered(why);
        boolean counts = why == Unanswered.LATE || (why == Unanswered.FAILED && !(cause instanceof UnusableBucket));
        if (counts && failures.isTooLong(began, ticker.nanos(), FAILURES_IN_A_ROW)) {
            link.giveUp(
                    why == Unanswered.LATE
                            ? "it does not answer within " + Units.text(patience)
                            : Objects.toString(cause));
        }
    }

    /** Ends the connection; from now on each router has its own limits. */
    @Override
    public void close() {
        link.close();
    }
}
