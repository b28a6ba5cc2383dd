package io.penstock.router.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.fleet.Engine;
import io.penstock.router.fleet.SessionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one pool remembers of sessions: where those went that their home had no room for, and, for the operator, how many
 * sessions each engine is home to. Both are bounded and forget a session that was not seen for {@link #IDLE}. Losing an
 * entry costs a session its warm cache once, never correctness.
 *
 * <p>Threading: any thread; upkeep runs on the caller's, a little at a time.
 */
final class SessionMemory {

    /** An engine's prefix cache holds a conversation for minutes, not hours; after this it is cold wherever it was. */
    static final Duration IDLE = Duration.ofMinutes(5);

    /** More sessions than these are homed, but not counted. */
    static final int MAX_COUNTED = 100_000;

    private final Cache<Long, Engine> spilled;
    private final Cache<Long, Engine> homes;
    private volatile boolean retired;

    /** Remembers up to {@code maxSpilled} sessions away from home. */
    SessionMemory(int maxSpilled, Ticker ticker) {
        this.spilled = bounded(maxSpilled, ticker).build();
        this.homes = bounded(MAX_COUNTED, ticker)
                .removalListener(SessionMemory::left)
                .build();
    }

    private static Caffeine<Object, Object> bounded(int size, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(size)
                .expireAfterAccess(IDLE)
                .ticker(ticker::nanos)
                .executor(Runnable::run);
    }

    /** Counts the session at its home, once; a new home takes it over from the old one. */
    void seenAt(SessionKey session, Engine home) {
        if (homes.getIfPresent(session.hash()) != home) {
            home.sessionHomed();
            homes.put(session.hash(), home);
            if (retired) {
                homes.invalidateAll();
            }
        }
    }

    /** Called for every entry that is replaced or removed, which makes the counts exact. */
    private static void left(@Nullable Long session, @Nullable Engine home, RemovalCause cause) {
        if (home != null) {
            home.sessionLeft();
        }
    }

    @Nullable
    Engine spilledTo(SessionKey session) {
        return spilled.getIfPresent(session.hash());
    }

    void spill(SessionKey session, Engine to) {
        spilled.put(session.hash(), to);
    }

    void returnedHome(SessionKey session) {
        spilled.invalidate(session.hash());
    }

    /** Counts no session any more, as another memory does from now on. */
    void controlRetire() {
        retired = true;
        spilled.invalidateAll();
        homes.invalidateAll();
    }

    void controlTidy() {
        spilled.cleanUp();
        homes.cleanUp();
    }
}
