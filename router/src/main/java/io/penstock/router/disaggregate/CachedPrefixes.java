package io.penstock.router.disaggregate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.fleet.SessionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much of a session's prompt an engine has most likely in its cache: as much as the session's last prompt had there. A guess of
 * the router's own; without a session nothing is known. Threading: any thread; bounded.
 */
final class CachedPrefixes {

    private static final int MOST = 100_000;

    /** As long as sessions that spilled are remembered. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Cache<Long, Seen> sessions;

    private record Seen(String engine, int tokens) {}

    CachedPrefixes(Ticker ticker) {
        this.sessions = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(IDLE)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** A prompt of so many tokens was answered by an engine. */
    void seen(@Nullable SessionKey session, String engine, int tokens) {
        if (session != null) {
            sessions.put(session.hash(), new Seen(engine, tokens));
        }
    }

    /** Tokens of a prompt that are not cached on this engine; on any engine for null. */
    int uncached(@Nullable SessionKey session, @Nullable String engine, int tokens) {
        Seen seen = session == null ? null : sessions.getIfPresent(session.hash());
        if (seen == null || (engine != null && !engine.equals(seen.engine()))) {
            return tokens;
        }
        return Math.max(1, tokens - seen.tokens());
    }
}
