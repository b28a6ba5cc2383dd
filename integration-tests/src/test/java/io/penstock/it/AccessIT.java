package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.PermissionDeniedException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.proxy.testkit.RawResponse;
import io.penstock.proxy.testkit.ReceivedRequest;
import io.penstock.router.access.NewKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Keys, limits and what of a request reaches an engine, through real sockets. */
final class AccessIT {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"hello\"}";
    private static final String ANN = "authorization: Bearer key-of-ann";
    private static final String BOB = "x-api-key: key-of-bob";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void withoutAKeyNothingReachesTheEngine() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(keyed(engine, ""));
        RawClient client = router.client(under);
        RawResponse none = client.post("/v1/completions", BODY).readResponse();
        assertThat(OpenAiErrors.assertFailure(none, FailureKind.UNAUTHORIZED)).startsWith("No API key");
        assertThat(none.head().value("www-authenticate")).isEqualTo("Bearer");
        RawResponse wrong = client.post("/v1/completions", BODY, "authorization: Bearer sk-wrong")
                .readResponse();
        assertThat(OpenAiErrors.assertFailure(wrong, FailureKind.UNAUTHORIZED)).doesNotContain("sk-wrong");
        // not even that it is no JSON, or which paths there are
        for (String path : new String[] {"/v1/completions", "/nowhere", "/v1/models"}) {
            OpenAiErrors.assertFailure(client.post(path, "{").readResponse(), FailureKind.UNAUTHORIZED);
        }
        RawResponse messages = client.post("/v1/messages", BODY).readResponse();
        assertThat(messages.status()).isEqualTo(401);
        assertThat(messages.text()).startsWith("{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\"");
        assertThat(client.get("/health").readResponse().status()).isEqualTo(200);
        assertThat(engine.journal().requests()).isEmpty();
        assertThat(under.metric("penstock_access_requests_total", "client=\"none\",outcome=\"unauthorized\""))
                .isEqualTo(6);
    }

    @Test
    void aKeyIsTakenByTheRoutesThatNameIt() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(keyed(engine, "keys: [ann]"));
        RawClient client = router.client(under);
        assertThat(client.post("/v1/completions", BODY, ANN).readResponse().status())
                .isEqualTo(200);
        OpenAiErrors.assertFailure(client.post("/v1/completions", BODY, BOB).readResponse(), FailureKind.FORBIDDEN);
        assertThat(engine.journal().onlyRequest().head().values("authorization"))
                .isEmpty();
        assertThat(under.metric("penstock_access_requests_total", "client=\"ann\",outcome=\"admitted\""))
                .isEqualTo(1);
        assertThat(under.metric("penstock_access_requests_total", "client=\"bob\",outcome=\"forbidden\""))
                .isEqualTo(1);
    }

    @Test
    void theEnginesAreSentTheirOwnKeyAndTheClientsStaysHere() throws IOException {
        FakeEngine engine = router.engine();
        Path key = Files.writeString(folder.resolve("engine-key"), "first\n");
        RouterUnderTest under =
                router.start(keyed(new RouterSetup().engines(engine).pool("key", "{ file: \"" + key + "\" }")));
        RawClient client = router.client(under);
        client.post("/v1/completions", BODY, ANN, "cookie: session=1", "x-api-key: other")
                .readResponse();
        ReceivedRequest first = engine.journal().onlyRequest();
        assertThat(first.head().values("authorization")).containsExactly("Bearer first");
        assertThat(first.head().values("x-api-key")).isEmpty();
        assertThat(first.head().values("cookie")).isEmpty();

        Files.writeString(key, "second\n");
        await().untilAsserted(() -> {
            client.post("/v1/completions", BODY, ANN).readResponse();
            int count = engine.journal().requests().size();
            assertThat(engine.journal().requests().get(count - 1).head().value("authorization"))
                    .isEqualTo("Bearer second");
        });
    }

    @Test
    void aChangedSecretTakesAKeyBackWhileTheRouterRuns() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys"), "old\n");
        RouterUnderTest under =
                router.start(new RouterSetup().engines(router.engine()).yaml()
                        + "access: { keys: [{ name: team, file: \"" + keys + "\" }] }\n");
        RawClient client = router.client(under);
        assertThat(client.post("/v1/completions", BODY, "api-key: old")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        Files.writeString(keys, "new\n");
        await().until(() -> client.post("/v1/completions", BODY, "api-key: new")
                        .readResponse()
                        .status()
                == 200);
        OpenAiErrors.assertFailure(
                client.post("/v1/completions", BODY, "api-key: old").readResponse(), FailureKind.UNAUTHORIZED);
    }

    @Test
    void whatNamesHostsAndPrioritiesIsTakenOutUnlessTheClientIsTrusted() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(keyed(engine, ""));
        RawClient client = router.client(under);
        String body = "{\"kv_transfer_params\":{\"remote_host\":\"10.0.0.1\"},\"model\":\"m\" ,\"priority\":-5,"
                + "\"x\":{\"priority\":1.50}, \"bootstrap_host\":\"h\"}";
        client.post("/v1/completions", body, ANN, "X-data-parallel-rank: 1", "X-Override-Rid: 1")
                .readResponse();
        ReceivedRequest cut = engine.journal().onlyRequest();
        assertThat(cut.text()).isEqualTo("{\"model\":\"m\" ,\"x\":{\"priority\":1.50}}");
        assertThat(cut.head().value("content-length")).isEqualTo(Integer.toString(cut.bytes().length));
        assertThat(cut.head().values("x-data-parallel-rank")).isEmpty();
        assertThat(cut.head().values("x-override-rid")).isEmpty();

        client.post("/v1/completions", body, BOB, "X-data-parallel-rank: 1").readResponse();
        ReceivedRequest whole = engine.journal().requests().get(1);
        assertThat(whole.text()).isEqualTo(body);
        assertThat(whole.head().value("x-data-parallel-rank")).isEqualTo("1");
    }

    @Test
    void itIsTakenOutWithoutAnyAccessControlToo() throws IOException {
        FakeEngine engine = router.engine();
        RawClient client =
                router.client(router.start(new RouterSetup().engines(engine).route("model", "other")));
        client.post(
                        "/v1/completions",
                        "{\"priority\":1,\"model\":\"m\",\"bootstrap_room\":9}",
                        "authorization: Bearer e")
                .readResponse();
        ReceivedRequest cut = engine.journal().onlyRequest();
        assertThat(cut.text()).isEqualTo("{\"model\":\"other\"}");
        assertThat(cut.head().value("authorization")).isEqualTo("Bearer e");
    }

    @Test
    void limitsAreToldAndKept() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(keyed(engine, "requestsPerMinute: 2, tokensPerMinute: 1000"));
        RawClient client = router.client(under);
        RawResponse first = client.post("/v1/completions", BODY, ANN).readResponse();
        assertThat(first.head().value("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(first.head().value("x-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(first.head().value("x-ratelimit-reset-requests")).matches("[0-9]+(ms|s)");
        assertThat(first.head().value("x-ratelimit-limit-tokens")).isEqualTo("1000");
        assertThat(first.head().value("x-ratelimit-remaining-tokens")).isEqualTo("999");
        assertThat(client.post("/v1/completions", BODY, BOB).readResponse().status())
                .isEqualTo(200);
        RawResponse third = client.post("/v1/completions", BODY, ANN).readResponse();
        assertThat(OpenAiErrors.assertFailure(third, FailureKind.RATE_LIMITED)).contains("2 requests within a minute");
        assertThat(Integer.parseInt(String.valueOf(third.head().value("retry-after"))))
                .isBetween(1, 30);
        assertThat(third.head().value("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(engine.journal().requests()).hasSize(2);
    }

    @Test
    void modelsAreListedThatTheKeyMayUse() throws IOException {
        FakeEngine engine = router.engine().serving(List.of("open", "secret"));
        RouterUnderTest under = router.start("""
                server: { host: 127.0.0.1, port: 0, adminHost: 127.0.0.1, adminPort: 0, loops: 1 }
                pools: [{ name: chat, engines: ["%s"], models: [open, secret] }]
                access: { keys: [%s, %s] }
                routes:
                  - { match: { model: secret }, to: [{ pool: chat }], access: { keys: [ann] } }
                  - { match: { model: open }, to: [{ pool: chat }] }
                """.formatted(engine.url(), key("ann"), key("bob")));
        RawClient client = router.client(under);
        assertThat(client.get("/v1/models", ANN).readResponse().text()).contains("\"secret\"", "\"open\"");
        assertThat(client.get("/v1/models", BOB).readResponse().text())
                .contains("\"open\"")
                .doesNotContain("secret");
        RawResponse card = client.get("/v1/models/secret", BOB).readResponse();
        assertThat(OpenAiErrors.assertFailure(card, FailureKind.MODEL_NOT_FOUND))
                .endsWith("exist: open.");
        OpenAiErrors.assertFailure(
                client.post("/v1/completions", "{\"model\":\"secret\"}", BOB).readResponse(), FailureKind.FORBIDDEN);
    }

    @Test
    void theOpenAiSdkUnderstandsItAll() {
        FakeEngine engine = router.engine().serving(List.of("m"));
        RouterUnderTest under = router.start(keyed(engine, "keys: [ann], requestsPerMinute: 1"));
        assertThat(models(under, "key-of-ann")).isEqualTo("m");
        assertThatThrownBy(() -> models(under, "key-of-eve")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> complete(under, "key-of-bob")).isInstanceOf(PermissionDeniedException.class);
        complete(under, "key-of-ann");
        assertThatThrownBy(() -> complete(under, "key-of-ann")).isInstanceOf(RateLimitException.class);
    }

    @Test
    void aReloadTakesKeysAndKeepsWhatIsLeftOfLimits() throws IOException {
        FakeEngine engine = router.engine();
        Path key = Files.writeString(folder.resolve("engine-key"), "engines-own\n");
        String limited = "{ requestsPerMinute: 1 }";
        RouterUnderTest under = router.start(new RouterSetup().engines(engine).yaml());
        RawClient client = router.client(under);
        assertThat(client.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);

        under.reload(keyed(new RouterSetup()
                .engines(engine)
                .pool("key", "{ file: \"" + key + "\" }")
                .route("access", limited)));
        OpenAiErrors.assertFailure(client.post("/v1/completions", BODY).readResponse(), FailureKind.UNAUTHORIZED);
        assertThat(client.post("/v1/completions", BODY, ANN).readResponse().status())
                .isEqualTo(200);
        assertThat(engine.journal().requests().get(1).head().value("authorization"))
                .isEqualTo("Bearer engines-own");

        under.reload(
                keyed(new RouterSetup().engines(engine).route("access", limited).route("priority", "low")));
        OpenAiErrors.assertFailure(client.post("/v1/completions", BODY, ANN).readResponse(), FailureKind.RATE_LIMITED);
        assertThat(under.metric("penstock_access_requests_total", "client=\"ann\",outcome=\"rate_limited\""))
                .isEqualTo(1);

        under.reload(new RouterSetup().engines(engine).yaml());
        assertThat(client.post("/v1/completions", BODY).readResponse().status()).isEqualTo(200);
    }

    private static String models(RouterUnderTest under, String key) {
        try (Sdk sdk = new Sdk(under, key)) {
            return sdk.client.models().list().data().stream().map(Model::id).reduce("", String::concat);
        }
    }

    private static void complete(RouterUnderTest under, String key) {
        try (Sdk sdk = new Sdk(under, key)) {
            var unused = sdk.client
                    .completions()
                    .create(CompletionCreateParams.builder()
                            .model("m")
                            .prompt("hello")
                            .build());
        }
    }

    /** The official SDK with one key. Threading: the test's thread. */
    private static final class Sdk implements AutoCloseable {

        private final OpenAIClient client;

        Sdk(RouterUnderTest under, String key) {
            client = OpenAIOkHttpClient.builder()
                    .baseUrl(under.url() + "/v1")
                    .apiKey(key)
                    .maxRetries(0)
                    .build();
        }

        @Override
        public void close() {
            client.close();
        }
    }

    private static String keyed(FakeEngine engine, String routeAccess) {
        return keyed(new RouterSetup().engines(engine).route("access", "{ " + routeAccess + " }"));
    }

    private static String keyed(RouterSetup setup) {
        return setup.yaml() + "access: { keys: [" + key("ann") + ", " + key("bob") + "] }\n";
    }

    private static String key(String name) {
        String trusted = name.equals("bob") ? ", trusted: true" : "";
        return "{ name: " + name + ", sha256: \"" + NewKey.of("key-of-" + name).sha256() + "\"" + trusted + " }";
    }
}
