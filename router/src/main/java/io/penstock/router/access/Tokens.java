package io.penstock.router.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.offload.OffloadRejectedException;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of all issuers. One that was verified is remembered, by its digest, until it expires or its issuer's keys
 * change; any other is verified off the event loops. Refused tokens are not remembered, so that nobody can fill the memory
 * with them; the bounded queue of the verifying threads bounds what they cost.
 *
 * <p>Threading: called on event loops, answers there.
 */
final class Tokens {

    private static final int MAX_REMEMBERED = 10_000;
    private static final int MAX_CHARS = 8 << 10;
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final List<TokenIssuer> issuers;
    private final Subjects subjects;
    private final OffloadExecutor threads;
    private final InstantSource clock;
    private final Cache<Digest, Verified> verified;

    /** A token that was verified, with the keys it was verified with. */
    private record Verified(Caller caller, TokenIssuer issuer, JWKSet keys, Instant lastUse) {}

    /** Verifies tokens of these issuers on these threads. */
    Tokens(List<TokenIssuer> issuers, Subjects subjects, OffloadExecutor threads, InstantSource clock, Ticker ticker) {
        this.issuers = issuers;
        this.subjects = subjects;
        this.threads = threads;
        this.clock = clock;
        this.verified = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterAccess(FORGOTTEN_AFTER)
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }

    private Tokens(List<TokenIssuer> issuers, Subjects subjects, Tokens former) {
        this.issuers = issuers;
        this.subjects = subjects;
        this.threads = former.threads;
        this.clock = former.clock;
        this.verified = former.verified;
    }

    /** Tokens of other issuers; those that were verified are remembered as long as their issuer stays the same object. */
    Tokens next(List<TokenIssuer> changed, List<JwtConfig> configs) {
        return new Tokens(changed, subjects.next(configs), this);
    }

    /** Its issuers. */
    List<TokenIssuer> issuers() {
        return issuers;
    }

    /** True if this has the form of a token: three parts, of which the first is a JSON object in base64. */
    static boolean isToken(String credential) {
        int first = credential.indexOf('.');
        int second = credential.indexOf('.', first + 1);
        return credential.startsWith("eyJ") && first > 0 && second > 0 && credential.indexOf('.', second + 1) < 0;
    }

    /** Who sent a token, or why it is refused; never fails, and is complete at once for a token that is remembered. */
    Future<Caller> caller(String token, Digest digest, EventExecutor loop) {
        Caller known = remembered(digest);
        if (known != null) {
            return loop.newSucceededFuture(known);
        }
        if (token.length() > MAX_CHARS) {
            return loop.newSucceededFuture(refused(new TokenRefused("is longer than " + MAX_CHARS + " bytes")));
        }
        Promise<Caller> caller = loop.newPromise();
        Future<Verified> verification = threads.submit(loop, () -> verify(token));
        verification.addListener(done -> caller.trySuccess(outcome(digest, verification)));
        return caller;
    }

    private @Nullable Caller remembered(Digest digest) {
        Verified found = verified.getIfPresent(digest);
        if (found == null) {
            return null;
        }
        if (issuers.contains(found.issuer())
                && found.issuer().keys().current().equals(found.keys())
                && clock.instant().isBefore(found.lastUse())) {
            return found.caller();
        }
        verified.invalidate(digest);
        return null;
    }

    private Caller outcome(Digest digest, Future<Verified> verification) {
        if (verification.isSuccess()) {
            verified.put(digest, verification.getNow());
            return verification.getNow().caller();
        }
        if (verification.cause() instanceof OffloadRejectedException) {
            return Caller.refused(AccessRefusals.busy());
        }
        return verification.cause() instanceof TokenRefused refused
                ? refused(refused)
                : refused(new TokenRefused("cannot be read"));
    }

    private static Caller refused(TokenRefused why) {
        return Caller.refused(AccessRefusals.token(why.why()));
    }

    private Verified verify(String text) throws TokenRefused {
        SignedJWT token;
        JWTClaimsSet claims;
        try {
            token = SignedJWT.parse(text);
            claims = token.getJWTClaimsSet();
        } catch (ParseException e) {
            throw new TokenRefused("is not a signed JWT");
        }
        Instant now = clock.instant();
        TokenRefused why = new TokenRefused("is of an issuer that is not known here");
        for (TokenIssuer issuer : issuers) {
            if (issuer.issuer().equals(claims.getIssuer())) {
                try {
                    JWKSet keys = issuer.keys().current();
                    issuer.verify(token, claims, keys, now);
                    Instant lastUse = issuer.lastUse(claims.getExpirationTime().toInstant());
                    return new Verified(subjects.caller(issuer.name(), claims.getSubject()), issuer, keys, lastUse);
                } catch (TokenRefused refused) {
                    why = refused;
                }
            }
        }
        throw why;
    }
}
