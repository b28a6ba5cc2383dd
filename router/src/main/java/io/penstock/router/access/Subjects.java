package io.penstock.router.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The callers behind tokens: one for each subject of an issuer that has limits, with limits of its own; otherwise one for
 * all of an issuer's. Subjects are forgotten when they were not seen for a while, or when there are too many; then their
 * limits begin anew. Threading: any thread.
 */
final class Subjects {

    private static final int MAX_SUBJECTS = 100_000;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

    private final Map<String, JwtConfig> issuers = new HashMap<>();
    private final LimitSource source;
    private final Cache<Subject, Held> limits;

    private record Subject(String issuer, String name) {}

    /** The limits of one subject, and the terms they are for. */
    private record Held(int requests, int tokens, RateLimit limits) {

        boolean isBy(JwtConfig config) {
            return requests == config.requestsPerMinute() && tokens == config.tokensPerMinute();
        }
    }

    Subjects(List<JwtConfig> issuers, LimitSource source) {
        issuers.forEach(issuer -> this.issuers.put(issuer.name(), issuer));
        this.source = source;
        this.limits = Caffeine.newBuilder()
                .maximumSize(MAX_SUBJECTS)
                .expireAfterAccess(FORGOTTEN_AFTER)
                .ticker(source.ticker()::nanos)
                .executor(Runnable::run)
                .build();
    }

    private Subjects(List<JwtConfig> issuers, Subjects former) {
        issuers.forEach(issuer -> this.issuers.put(issuer.name(), issuer));
        this.source = former.source;
        this.limits = former.limits;
    }

    /** The subjects of other issuers, or of the same ones by other terms; what is left of limits is kept. */
    Subjects next(List<JwtConfig> changed) {
        return new Subjects(changed, this);
    }

    /** Who sent a token of this issuer and subject. */
    Caller caller(String issuer, @Nullable String subject) {
        JwtConfig config = Objects.requireNonNull(issuers.get(issuer));
        boolean limited = config.requestsPerMinute() > 0 || config.tokensPerMinute() > 0;
        RateLimit limit =
                limited ? limits(config, new Subject(issuer, subject == null ? "" : subject)) : RateLimit.NONE;
        return new Caller(Caller.Kind.TOKEN, issuer, config.trusted(), limit, null);
    }

    private RateLimit limits(JwtConfig config, Subject subject) {
        Held held = limits.get(subject, first -> following(subject, RateLimit.NONE, config));
        if (!held.isBy(config)) {
            held = limits.asMap()
                    .compute(
                            subject,
                            (same, now) -> now != null && now.isBy(config)
                                    ? now
                                    : following(subject, now == null ? RateLimit.NONE : now.limits(), config));
        }
        return held.limits();
    }

    /** Other routers know a subject by a hash: it may be an address, and as long as its issuer likes. */
    private LimitSource source(Subject subject) {
        return source.shared() == null
                ? source
                : source.of(
                        "subject:" + subject.issuer(), Digest.of(subject.name()).hex());
    }

    private Held following(Subject subject, RateLimit former, JwtConfig config) {
        int requests = config.requestsPerMinute();
        int tokens = config.tokensPerMinute();
        return new Held(requests, tokens, former.next(requests, tokens, source(subject)));
    }
}
