package io.penstock.router.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One issuer whose tokens are taken, and how they are judged (RFC 7519, RFC 8725): the algorithm is one of those configured,
 * all of which need a public key, so that neither an unsigned token nor one that takes a public key for a shared secret
 * passes; then the signature; then audience and times. The issuer itself is compared by whoever chose this one.
 *
 * <p>Threading: immutable but for its keys; too slow for an event loop.
 */
final class TokenIssuer {

    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final JwtConfig config;
    private final IssuerKeys keys;
    private final Set<String> algorithms;
    private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

    TokenIssuer(JwtConfig config, IssuerKeys keys) {
        this.config = config;
        this.keys = keys;
        this.algorithms = Set.copyOf(config.algorithms());
    }

    /** What it is configured by. */
    JwtConfig config() {
        return config;
    }

    /** True if its public keys are those of {@code other}, which may judge tokens in another way. */
    boolean hasKeysOf(JwtConfig other) {
        return config.name().equals(other.name())
                && config.jwks().equals(other.jwks())
                && config.refresh().equals(other.refresh());
    }

    /** What the issuer is called. */
    String name() {
        return config.name();
    }

    /** The {@code iss} claim of its tokens. */
    String issuer() {
        return config.issuer();
    }

    /** Its public keys. */
    IssuerKeys keys() {
        return keys;
    }

    /** When a token that ends then is taken no more: the issuer's clock may be behind. */
    Instant lastUse(Instant expiry) {
        return expiry.plus(config.clockSkew());
    }

    /**
     * Judges a token.
     *
     * @param claims the token's own claims
     * @param with the keys to verify it with
     * @throws TokenRefused with the reason
     */
    void verify(SignedJWT token, JWTClaimsSet claims, JWKSet with, Instant now) throws TokenRefused {
        JWSHeader header = token.getHeader();
        if (!algorithms.contains(header.getAlgorithm().getName())) {
            throw new TokenRefused("is signed with an algorithm that is not taken");
        }
        if (header.getType() != null
                && !TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT))) {
            throw new TokenRefused("is of another type than JWT");
        }
        signature(token, header, with);
        if (!claims.getAudience().contains(config.audience())) {
            throw new TokenRefused("is for another audience");
        }
        times(claims, now);
    }

    private void signature(SignedJWT token, JWSHeader header, JWKSet with) throws TokenRefused {
        if (with.isEmpty()) {
            throw new TokenRefused("cannot be verified, as its issuer's keys could not be read yet");
        }
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        List<JWK> candidates = matcher == null ? List.of() : new JWKSelector(matcher).select(with);
        if (candidates.isEmpty()) {
            keys.want();
            throw new TokenRefused("is signed with a key that is not among its issuer's");
        }
        for (Key key : KeyConverter.toJavaKeys(candidates)) {
            if (isSignedWith(token, header, key)) {
                return;
            }
        }
        throw new TokenRefused("has a signature that is not its issuer's");
    }

    /** False, too, for keys that do not fit the algorithm and for critical header fields that nobody here knows. */
    private boolean isSignedWith(SignedJWT token, JWSHeader header, Key key) {
        try {
            return token.verify(verifiers.createJWSVerifier(header, key));
        } catch (JOSEException e) {
            return false;
        }
    }

    private void times(JWTClaimsSet claims, Instant now) throws TokenRefused {
        Duration skew = config.clockSkew();
        Instant expiry = instant(claims.getExpirationTime());
        if (expiry == null) {
            throw new TokenRefused("has no expiry");
        }
        if (!now.isBefore(expiry.plus(skew))) {
            throw new TokenRefused("has expired");
        }
        Instant notBefore = instant(claims.getNotBeforeTime());
        if (notBefore != null && now.plus(skew).isBefore(notBefore)) {
            throw new TokenRefused("is not valid yet");
        }
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
