package io.penstock.router.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.AccessConfig.JwtConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokensTest {

    private static final RSAKey RSA = rsa("r1");
    private static final ECKey EC = ec("e1");
    private static final JWTClaimsSet GOOD = claims().build();

    private final ManualTicker ticker = new ManualTicker();
    private final OffloadExecutor threads = new OffloadExecutor("test-token", 1, 10);
    private final DefaultEventExecutor loop = new DefaultEventExecutor();
    private Instant now = Instant.ofEpochSecond(1_800_000_000);
    private String keySet = new JWKSet(List.<JWK>of(RSA, EC)).toString();
    private int readings;
    private IssuerKeys keys = keys();
    private Tokens tokens = tokens();

    @BeforeEach
    void readKeys() throws IOException {
        keys = keys();
        keys.read();
        tokens = tokens();
    }

    @AfterEach
    void end() {
        threads.close();
        loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    }

    private IssuerKeys keys() {
        return new IssuerKeys(
                config(),
                () -> {
                    readings++;
                    return keySet;
                },
                ticker);
    }

    private Tokens tokens() {
        return new Tokens(
                List.of(new TokenIssuer(config(), keys)),
                new Subjects(List.of(config()), LimitSource.own(ticker)),
                threads,
                () -> now,
                ticker);
    }

    @Test
    void aTokenSignedByTheIssuerIsTaken() {
        for (String token : List.of(signed(GOOD, RSA), signed(GOOD, EC))) {
            Caller caller = caller(token);
            assertThat(caller.refusal()).isNull();
            assertThat(caller.name()).isEqualTo("corp");
            assertThat(caller.kind()).isEqualTo(Caller.Kind.TOKEN);
        }
    }

    @Test
    void aVerifiedTokenIsRememberedUntilItExpires() {
        String token = signed(GOOD, RSA);
        Caller first = caller(token);
        long verified = threads.completed();
        assertThat(caller(token)).isEqualTo(first);
        assertThat(threads.completed()).isEqualTo(verified);

        now = now.plusSeconds(629);
        assertThat(caller(token).refusal()).isNull();
        now = now.plusSeconds(1);
        assertThat(why(token)).isEqualTo("The token has expired.");
    }

    @Test
    void aKeyThatTheIssuerTakesBackIsTakenNoMore() throws IOException {
        String token = signed(GOOD, RSA);
        assertThat(caller(token).refusal()).isNull();
        keySet = new JWKSet(EC).toString();
        keys.read();
        assertThat(why(token)).contains("is signed with a key that is not among its issuer's");
    }

    @Test
    void anUnsignedTokenIsRefused() {
        assertThat(why(new PlainJWT(GOOD).serialize())).isEqualTo("The token is not a signed JWT.");
        String unsigned = signed(GOOD, RSA);
        String withoutSignature = unsigned.substring(0, unsigned.lastIndexOf('.') + 1);
        assertThat(caller(withoutSignature).refusal()).isNotNull();
    }

    @Test
    void aPublicKeyIsNoSharedSecret() throws JOSEException {
        String publicKey = RSA.toPublicJWK().toJSONString();
        for (byte[] secret :
                List.of(publicKey.getBytes(UTF_8), RSA.toRSAPublicKey().getEncoded())) {
            String token = signed(GOOD, new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r1"), new MACSigner(secret));
            assertThat(why(token)).contains("an algorithm that is not taken");
        }
    }

    @Test
    void anAlgorithmThatIsNotConfiguredIsRefused() throws JOSEException {
        String token = signed(GOOD, new JWSHeader.Builder(JWSAlgorithm.PS256).keyID("r1"), new RSASSASigner(RSA));
        assertThat(why(token)).contains("an algorithm that is not taken");
    }

    @Test
    void aSignatureOfSomebodyElseUnderTheSameKeyIdIsRefused() {
        assertThat(why(signed(GOOD, rsa("r1")))).contains("a signature that is not its issuer's");
    }

    @Test
    void changedClaimsAreRefused() {
        String[] parts = signed(GOOD, RSA).split("\\.", -1);
        String[] others = signed(claims().subject("root").build(), rsa("x")).split("\\.", -1);
        assertThat(why(parts[0] + "." + others[1] + "." + parts[2])).contains("a signature that is not its issuer's");
    }

    @Test
    void aKeyThatTheTokenBringsAlongIsNotUsed() throws JOSEException {
        RSAKey own = rsa("mine");
        String token = signed(
                GOOD,
                new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()).keyID("mine"),
                new RSASSASigner(own));
        assertThat(why(token)).contains("a key that is not among its issuer's");
    }

    @Test
    void otherIssuersAudiencesTimesAndTypesAreRefused() throws JOSEException {
        assertThat(why(signed(claims().issuer("https://evil/").build(), RSA))).contains("an issuer that is not known");
        assertThat(why(signed(claims().issuer(null).build(), RSA))).contains("an issuer that is not known");
        assertThat(why(signed(claims().audience("other").build(), RSA))).contains("is for another audience");
        assertThat(why(signed(claims().expirationTime(null).build(), RSA))).contains("has no expiry");
        assertThat(why(signed(claims().expirationTime(at(-30)).build(), RSA))).contains("has expired");
        assertThat(why(signed(claims().notBeforeTime(at(31)).build(), RSA))).contains("is not valid yet");
        assertThat(caller(signed(claims().expirationTime(at(-29)).build(), RSA)).refusal())
                .isNull();
        assertThat(caller(signed(claims().notBeforeTime(at(30)).build(), RSA)).refusal())
                .isNull();
        var typed = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r1").type(new JOSEObjectType("secevent+jwt"));
        assertThat(why(signed(GOOD, typed, new RSASSASigner(RSA)))).contains("of another type");
    }

    @Test
    void garbageIsRefused() {
        for (String garbage :
                List.of("eyJ.a.b", "eyJ..", "eyJhbGciOiJSUzI1NiJ9.e30.AA", "eyJ" + "x".repeat(9000) + ".a.b")) {
            assertThat(caller(garbage).refusal()).as(garbage).isNotNull();
        }
        assertThat(Tokens.isToken("sk-abc")).isFalse();
        assertThat(Tokens.isToken("eyJa.b.c.d.e")).isFalse();
    }

    @Test
    void keysAreReadAgainForAnUnknownKeyIdAtABoundedRate() throws IOException {
        RSAKey next = rsa("r2");
        String token = signed(GOOD, next);
        assertThat(caller(token).refusal()).isNotNull();
        keySet = new JWKSet(List.<JWK>of(RSA, next)).toString();
        keys.refresh();
        assertThat(readings).isEqualTo(1);
        ticker.advance(Duration.ofSeconds(10));
        keys.refresh();
        assertThat(readings).isEqualTo(2);
        assertThat(caller(token).refusal()).isNull();

        ticker.advance(Duration.ofSeconds(11));
        keys.refresh();
        assertThat(readings).isEqualTo(2);
        ticker.advance(Duration.ofMinutes(5));
        keys.refresh();
        assertThat(readings).isEqualTo(3);
    }

    @Test
    void whatCannotBeReadLeavesTheKeysAsTheyWere() {
        keySet = "<html>";
        assertThat(org.assertj.core.api.Assertions.catchThrowable(keys::read)).isInstanceOf(IOException.class);
        assertThat(caller(signed(GOOD, RSA)).refusal()).isNull();
    }

    @Test
    void subjectsHaveLimitsOfTheirOwn() {
        Caller ann = caller(signed(claims().subject("ann").build(), RSA));
        Caller again = caller(signed(claims().subject("ann").jwtID("2").build(), RSA));
        Caller bob = caller(signed(claims().subject("bob").build(), RSA));
        assertThat(ann.limits()).isSameAs(again.limits()).isNotSameAs(bob.limits());
    }

    private Caller caller(String token) {
        var future = tokens.caller(token, Digest.of(token), loop);
        return future.awaitUninterruptibly(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS) ? future.getNow() : Caller.ANYONE;
    }

    private String why(String token) {
        return Objects.requireNonNull(caller(token).refusal()).message();
    }

    private static JwtConfig config() {
        return new JwtConfig(
                "corp",
                "https://id/",
                "penstock",
                "https://id/jwks",
                List.of("RS256", "ES256"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                false,
                10,
                0);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://id/")
                .audience(List.of("other", "penstock"))
                .subject("ann")
                .expirationTime(at(600));
    }

    private static Date at(int seconds) {
        return Date.from(Instant.ofEpochSecond(1_800_000_000L + seconds));
    }

    private static String signed(JWTClaimsSet claims, JWK key) {
        try {
            return key instanceof RSAKey rsa
                    ? signed(claims, header(JWSAlgorithm.RS256, key), new RSASSASigner(rsa))
                    : signed(claims, header(JWSAlgorithm.ES256, key), new ECDSASigner((ECKey) key));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm, JWK key) {
        return new JWSHeader.Builder(algorithm).keyID(key.getKeyID());
    }

    private static String signed(JWTClaimsSet claims, JWSHeader.Builder header, JWSSigner by) throws JOSEException {
        SignedJWT token = new SignedJWT(header.build(), claims);
        token.sign(by);
        return token.serialize();
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey ec(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }
}
