package io.penstock.it;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.router.access.AccessControl;
import io.penstock.router.access.NewKey;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.policy.Policies;
import io.penstock.router.route.BodyScans;
import io.penstock.router.route.FleetRouter;
import io.penstock.router.route.WaitObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an issuer whose public keys are in a file or behind a URL. */
final class TokensIT {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aTokenOfTheIssuerIsTakenAndOthersAreRefusedWithAReason() throws Exception {
        ECKey key = ecKey("one");
        Path jwks = Files.writeString(folder.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(yaml(engine, jwks.toString()));
        RawClient client = router.client(under);
        String good = token(key, "penstock", 600);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(client, good).status()).isEqualTo(200);
        }
        assertThat(engine.journal().requests())
                .allSatisfy(request ->
                        assertThat(request.head().values("authorization")).isEmpty());
        assertThat(under.metric("penstock_offload_submitted_total", "work=\"token\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_access_requests_total", "client=\"corp\",outcome=\"admitted\""))
                .isEqualTo(3);
        assertThat(refusal(client, token(key, "other", 600))).isEqualTo("The token is for another audience.");
        assertThat(refusal(client, token(key, "penstock", -600))).isEqualTo("The token has expired.");
        assertThat(refusal(client, token(ecKey("one"), "penstock", 600))).contains("a signature that is not");

        ECKey next = ecKey("two");
        Files.writeString(jwks, new JWKSet(next.toPublicJWK()).toString());
        await().until(() -> ask(client, token(next, "penstock", 600)).status() == 200);
        assertThat(refusal(client, good)).contains("a key that is not among its issuer's");
    }

    @Test
    void publicKeysAreFetchedAndAFailureKeepsTheOldOnes() throws Exception {
        ECKey key = ecKey("one");
        WireMockServer issuer = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        issuer.start();
        try {
            issuer.stubFor(get("/jwks").willReturn(ok(new JWKSet(key.toPublicJWK()).toString())));
            RouterUnderTest under = router.start(yaml(router.engine(), "http://127.0.0.1:" + issuer.port() + "/jwks")
                    .replace("5m", "1s"));
            RawClient client = router.client(under);
            assertThat(ask(client, token(key, "penstock", 600)).status()).isEqualTo(200);
            issuer.stubFor(get("/jwks").willReturn(serverError()));
            await().until(() -> under.metric("penstock_access_read_failures_total", "") >= 1);
            assertThat(ask(client, token(key, "penstock", 601)).status()).isEqualTo(200);
        } finally {
            issuer.stop();
        }
    }

    @Test
    void anIssuerThatCannotBeReachedAtTheStartStopsNobodyElse() throws Exception {
        RouterUnderTest under = router.start(yaml(router.engine(), "http://127.0.0.1:1/jwks")
                + "  keys: [{ name: k, sha256: \"" + NewKey.of("k").sha256() + "\" }]\n");
        RawClient client = router.client(under);
        assertThat(ask(client, "k").status()).isEqualTo(200);
        assertThat(refusal(client, token(ecKey("one"), "penstock", 600))).contains("keys could not be read yet");
    }

    @Test
    void tokensBeyondTheQueueAreShed() throws Exception {
        ECKey key = ecKey("one");
        Path jwks = Files.writeString(folder.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
        FakeEngine engine = router.engine();
        RouterConfig config = ConfigLoader.parse(yaml(engine, jwks.toString()));
        Ticker ticker = Ticker.system();
        Gate busy = new Gate();
        try (EventLoops loops = new EventLoops("tokens", 1);
                OffloadExecutor threads = new OffloadExecutor("tokens", 1, 1);
                Fleet fleet = new Fleet(config, policy -> Policies.of(policy, ticker), ControlPlane.start(ticker))) {
            var access = new AccessControl(config, new AccessControl.Time(ticker, InstantSource.system()), threads);
            FleetRouter fleetRouter =
                    new FleetRouter(config, fleet, BodyScans.NONE, WaitObserver.NONE, unused -> access);
            try (ProxyServer proxy = new ProxyServer(ProxyOptions.DEFAULT, loops, fleetRouter, ProxyObserver.NONE)) {
                proxy.bind("127.0.0.1", 0);
                saturate(threads, busy);
                try (RawClient client = RawClient.connect(proxy.port())) {
                    RawResponse shed = ask(client, token(key, "penstock", 600));
                    OpenAiErrors.assertFailure(shed, FailureKind.OVERLOADED);
                    assertThat(shed.head().value("retry-after")).isEqualTo("1");
                    busy.open();
                    await().until(() -> threads.depth() == 0);
                    assertThat(ask(client, token(key, "penstock", 600)).status())
                            .isEqualTo(200);
                }
            }
        }
    }

    private static void saturate(OffloadExecutor threads, Gate busy) {
        Gate running = new Gate();
        var first = threads.submit(GlobalEventExecutor.INSTANCE, () -> {
            running.open();
            busy.await();
            return true;
        });
        running.await();
        var second = threads.submit(GlobalEventExecutor.INSTANCE, () -> true);
        await().until(() -> threads.depth() == 1);
        assertThat(first.isDone() || second.isDone()).isFalse();
    }

    private static RawResponse ask(RawClient client, String token) throws IOException {
        return client.post("/v1/completions", BODY, "authorization: Bearer " + token)
                .readResponse();
    }

    private static String refusal(RawClient client, String token) throws IOException {
        return OpenAiErrors.assertFailure(ask(client, token), FailureKind.UNAUTHORIZED);
    }

    private static String yaml(FakeEngine engine, String jwks) {
        return new RouterSetup().engines(engine).yaml()
                + "access:\n  jwt:\n    - { name: corp, issuer: \"https://id/\"," + " audience: penstock, jwks: \""
                + jwks + "\", refresh: 5m }\n";
    }

    private static String token(ECKey key, String audience, int secondsLeft) throws JOSEException {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("https://id/")
                .audience(audience)
                .subject("ann")
                .expirationTime(Date.from(Instant.now().plusSeconds(secondsLeft)))
                .build();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static ECKey ecKey(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }
}
