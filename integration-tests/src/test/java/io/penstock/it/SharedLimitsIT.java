package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.TestAuthority;
import io.penstock.proxy.testkit.TestCertificate;
import io.penstock.router.access.NewKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Routers with limits in common, in a real Redis; left out where there is none. */
final class SharedLimitsIT {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";
    private static final String QUESTIONS = "penstock_shared_limits_questions_total";
    private static final String DEAR =
            "{\"usage\":{\"prompt_tokens\":300,\"completion_tokens\":3300,\"total_tokens\":3600}}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder;

    private final Map<Integer, RawClient> clients = new HashMap<>();
    private RedisServer redis;

    @BeforeEach
    void startRedis() throws IOException {
        redis = RedisServer.start(folder);
    }

    @AfterEach
    void endRedis() {
        redis.close();
    }

    /** A file with clients of this limit. */
    private String yaml(FakeEngine engine, String limit, String redisTimeout) throws IOException {
        Path password = Files.writeString(folder.resolve("password"), RedisServer.PASSWORD + "\n");
        return new RouterSetup().engines(engine).yaml() + access(limit)
                + "sharedLimits: { url: \"redis://127.0.0.1:" + redis.port() + "/1\", password: { file: \"" + password
                + "\" }, timeout: " + redisTimeout + " }\n";
    }

    private static String access(String limit) {
        StringBuilder keys = new StringBuilder();
        for (String name : List.of("ann", "bob", "cid")) {
            keys.append("    - { name: ").append(name).append(", sha256: \"");
            keys.append(NewKey.of("key-of-" + name).sha256()).append("\", ").append(limit);
            keys.append(" }\n");
        }
        return "access:\n  keys:\n" + keys;
    }

    private RouterUnderTest shared(FakeEngine engine, String limit, String redisTimeout) throws IOException {
        RouterUnderTest under = router.start(yaml(engine, limit, redisTimeout));
        awaitShared(under, 1);
        return under;
    }

    private static void awaitShared(RouterUnderTest under, int up) {
        await().alias("limits are shared: " + up)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> under.metric("penstock_shared_limits_up", "") == up);
    }

    private RawResponse ask(int port, String who) throws IOException {
        RawClient client = clients.get(port);
        if (client == null) {
            client = router.closing(RawClient.connect(port));
            clients.put(port, client);
        }
        return client.post("/v1/completions", BODY, "authorization: Bearer key-of-" + who)
                .readResponse();
    }

    private void assertPasses(int port, String who, int left) throws IOException {
        RawResponse answer = ask(port, who);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.head().value("x-ratelimit-remaining-requests")).isEqualTo(Integer.toString(left));
    }

    private void assertRefused(int port, String who) throws IOException {
        OpenAiErrors.assertFailure(ask(port, who), FailureKind.RATE_LIMITED);
    }

    @Test
    void twoProcessesShareLimitsAndKeepTheirOwnWhileRedisIsAway() throws Exception {
        Path file = folder.resolve("penstock.yaml");
        Files.writeString(file, yaml(router.engine(), "requestsPerMinute: 2", "5s"));
        try (RunningProcess one = RunningProcess.start("serve", "--config", file.toString());
                RunningProcess other = RunningProcess.start("serve", "--config", file.toString())) {
            int here = one.port(1);
            int there = other.port(1);
            String shared = "limits are shared through Redis at 127.0.0.1:" + redis.port();
            String alone = "limits are not shared, each router keeps its own until Redis at";
            one.awaitLine(shared);
            other.awaitLine(shared);
            assertPasses(here, "ann", 1);
            assertPasses(there, "ann", 0);
            assertRefused(here, "ann");
            assertRefused(there, "ann");
            assertThat(redis.ask("SELECT 1\r\nKEYS *"))
                    .contains("penstock:key:ann:requests:2")
                    .doesNotContain("key-of");

            redis.kill();
            one.awaitLine(alone);
            other.awaitLine(alone);
            assertPasses(here, "ann", 0);
            assertRefused(here, "ann");
            for (int port : new int[] {here, there}) {
                assertPasses(port, "bob", 1);
                assertPasses(port, "bob", 0);
                assertRefused(port, "bob");
            }

            redis.start();
            one.awaitLines(shared, 2);
            other.awaitLines(shared, 2);
            assertPasses(here, "cid", 1);
            assertPasses(there, "cid", 0);
            assertRefused(here, "cid");
            assertRefused(there, "cid");
            assertThat(one.output().lines().filter(line -> line.contains(alone)))
                    .hasSize(1);
            assertThat(one.output()).doesNotContain(RedisServer.PASSWORD);
        }
    }

    @Test
    void whatAnAnswerReallyTookIsChargedForAll() throws IOException {
        FakeEngine dear = router.engine().answering(turn -> {
            turn.request();
            turn.respond(200, "content-type: application/json").data(DEAR).end();
        });
        int here = shared(dear, "tokensPerMinute: 600", "5s").port();
        RouterUnderTest cheap = shared(router.engine(), "tokensPerMinute: 600", "5s");
        RawResponse answer = ask(here, "ann");
        assertThat(answer.head().value("x-ratelimit-remaining-tokens")).isEqualTo("599");
        await().until(() -> ask(cheap.port(), "ann").status() == 429);
        assertThat(cheap.metric(QUESTIONS, "refused")).isEqualTo(1);
        assertThat(cheap.metric("penstock_shared_limits_lost_bookings_total", ""))
                .isZero();
    }

    @Test
    void nonsenseInRedisLeavesTheDecisionToTheRouterAndTheConnectionAsItIs() throws IOException {
        RouterUnderTest under = shared(router.engine(), "requestsPerMinute: 4", "5s");
        redis.ask("SELECT 1\r\nSET penstock:key:ann:requests:4 nonsense\r\nLPUSH penstock:key:bob:requests:4 x");
        for (String who : List.of("ann", "bob")) {
            for (int left = 3; left >= 0; left--) {
                assertPasses(under.port(), who, left);
            }
        }
        assertThat(under.metric(QUESTIONS, "failed")).isEqualTo(8);
        assertPasses(under.port(), "cid", 3);
        assertThat(under.metric(QUESTIONS, "passed")).isEqualTo(1);
        assertThat(under.metric(QUESTIONS, "away")).isZero();
    }

    @Test
    void aRedisThatHangsHoldsUpThreeRequestsAndNoMore() throws Exception {
        RouterUnderTest under = shared(router.engine(), "requestsPerMinute: 6", "1s");
        redis.signal("STOP");
        try {
            for (int i = 0; i < 3; i++) {
                assertThat(ask(under.port(), "ann").status()).isEqualTo(200);
            }
            awaitShared(under, 0);
            // 4 of 6 are taken by the router's own account, of which one may be there again after 10 seconds
            assertThat(ask(under.port(), "ann").head().value("x-ratelimit-remaining-requests"))
                    .isIn("2", "3");
            assertThat(under.metric(QUESTIONS, "late")).isEqualTo(3);
            assertThat(under.metric(QUESTIONS, "away")).isEqualTo(1);
        } finally {
            redis.signal("CONT");
        }
        awaitShared(under, 1);
        assertThat(ask(under.port(), "ann").status()).isEqualTo(200);
        assertThat(under.metric(QUESTIONS, "passed")).isEqualTo(1);
    }

    @Test
    void overTlsWithAUserThatMayDoNoMoreThanItMust() throws IOException {
        TestAuthority authority = new TestAuthority("authority");
        TestCertificate certificate = authority.issue("127.0.0.1");
        Path ca = Files.writeString(folder.resolve("ca.crt"), authority.pem());
        Path chain = Files.writeString(folder.resolve("redis.crt"), certificate.chainPem());
        Path key = Files.writeString(folder.resolve("redis.key"), certificate.keyPem());
        Path password = Files.writeString(folder.resolve("password"), "of-the-router");
        try (RedisServer secure = RedisServer.startTls(folder, chain, key)) {
            RouterUnderTest under =
                    router.start(new RouterSetup().engines(router.engine()).yaml()
                            + access("requestsPerMinute: 2")
                            + "sharedLimits: { url: \"rediss://127.0.0.1:" + secure.port() + "\", ca: \"" + ca
                            + "\", username: router, password: { file: \"" + password
                            + "\" }, timeout: 5s, keyPrefix: fleet }\n");
            awaitShared(under, 1);
            assertPasses(under.port(), "ann", 1);
            assertThat(under.metric(QUESTIONS, "passed")).isEqualTo(1);
        }
    }
}
