package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.AccessConfig.ClientKeyConfig;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessControlTest {

    private static final String POOL = "pools: [{name: chat, engines: [http://h:1]}]\n";

    @ParameterizedTest
    @CsvSource({
        "authorization,Bearer one",
        "Authorization,bearer  one",
        "x-api-key,one",
        "X-Api-Key, one",
        "api-key,one",
    })
    void aKeyIsFoundWhereverClientsPutIt(String header, String value) throws Exception {
        AccessControl access = twoKeys();
        assertThat(identified(access, header, value).name()).isEqualTo("a");
    }

    @Test
    void otherKeysAreRefusedWithoutRepeatingThem() throws Exception {
        AccessControl access = twoKeys();
        assertThat(refusal(access).message()).startsWith("No API key was given");
        assertThat(refusal(access, "authorization", "Basic b25l").message()).startsWith("No API key");
        assertThat(refusal(access, "authorization", "Bearer ").message()).startsWith("No API key");
        ProxyFailure wrong = refusal(access, "authorization", "Bearer sk-wrong");
        assertThat(wrong.kind()).isEqualTo(FailureKind.UNAUTHORIZED);
        assertThat(wrong.message()).isEqualTo("The API key is not known.");
        assertThat(refusal(access, "x-api-key", "ONE").message()).isEqualTo("The API key is not known.");
        assertThat(refusal(access, "x-api-key", "one", "x-api-key", "one").message())
                .contains("sent more than once");
        assertThat(refusal(access, "x-api-key", "eyJa.b.c").message()).isEqualTo("The API key is not known.");
    }

    @Test
    void whereThereAreNoKeysEverybodyIsSomebody() throws Exception {
        AccessControl access = access(POOL);
        assertThat(access.isOpen()).isTrue();
        assertThat(identified(access, "authorization", "Bearer x")).isEqualTo(Caller.ANYONE);
    }

    @Test
    void routesTakeWhatTheyName() throws Exception {
        RouterConfig config = ConfigLoader.parse(POOL + "access: {keys: [" + key("a", "one") + "," + key("b", "two")
                + "]}\n" + "routes:\n  - {to: [{pool: chat}], access: {keys: [a]}}\n  - {to: [{pool: chat}]}\n"
                + "  - {to: [{pool: chat}], access: {open: true}}\n  - {to: [{pool: chat}], access: {keys: [all]}}");
        AccessControl access = access(config);
        Caller a = identified(access, "api-key", "one");
        Caller b = identified(access, "api-key", "two");
        Caller nobody = identified(access);
        assertThat(allowed(access, config, a)).containsExactly(true, true, true, true);
        assertThat(allowed(access, config, b)).containsExactly(false, true, true, true);
        assertThat(allowed(access, config, nobody)).containsExactly(false, false, true, false);
        RouteAccess onlyA = access.route("r", config.routes().get(0).access(), null);
        assertThatThrownBy(() -> onlyA.check(b)).hasMessageContaining("not for this");
        assertThatThrownBy(() -> onlyA.check(nobody)).hasMessageContaining("No API key");
    }

    private static List<Boolean> allowed(AccessControl access, RouterConfig config, Caller caller) {
        return config.routes().stream()
                .map(route -> access.route("r", route.access(), null).allows(caller))
                .toList();
    }

    @Test
    void aMountedKeyIsReadAgain(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "old\n\n  second \n");
        Caller team = new Caller(Caller.Kind.KEY, "t", false, RateLimit.NONE, null);
        var keys = new ApiKeys(List.of(fileKey(file)), Map.of("t", team), name -> null);
        assertThat(keys.find(Digest.of("old"))).isEqualTo(team);
        assertThat(keys.find(Digest.of("second"))).isEqualTo(team);

        Files.writeString(file, "new");
        keys.refresh();
        keys.refresh();
        assertThat(keys.find(Digest.of("old"))).isNull();
        assertThat(keys.find(Digest.of("new"))).isEqualTo(team);

        Files.delete(file);
        keys.refresh();
        assertThatThrownBy(keys::refresh).isInstanceOf(IOException.class);
        assertThat(keys.find(Digest.of("new"))).isEqualTo(team);

        Files.writeString(file, "");
        assertThatThrownBy(keys::refresh).isInstanceOf(IOException.class);
        keys.refresh();
        assertThat(keys.find(Digest.of("new"))).isNull();
        assertThat(keys.find(Digest.of(""))).isNull();
    }

    @Test
    void aKeyThatIsNotThereStopsTheStart(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        Caller team = new Caller(Caller.Kind.KEY, "t", false, RateLimit.NONE, null);
        assertThatThrownBy(() -> new ApiKeys(List.of(fileKey(empty)), Map.of("t", team), name -> null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("holds no key");
        var byVariable = new ClientKeyConfig("t", null, null, "V", false, 0, 0);
        assertThatThrownBy(() -> new ApiKeys(List.of(byVariable), Map.of("t", team), name -> null))
                .hasMessageContaining("V holds no key");
        assertThat(new ApiKeys(List.of(byVariable), Map.of("t", team), name -> "k\n").find(Digest.of("k")))
                .isEqualTo(team);
    }

    @Test
    void aMadeKeyHasTheHashThatIsConfigured() {
        NewKey key = NewKey.random();
        assertThat(key.key())
                .startsWith("sk-")
                .hasSize(46)
                .isNotEqualTo(NewKey.random().key());
        assertThat(Digest.ofHex(key.sha256())).isEqualTo(Digest.of(key.key())).hasSameHashCodeAs(Digest.of(key.key()));
        assertThat(NewKey.of("foo").sha256())
                .isEqualTo("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
        assertThat(key.toString()).doesNotContain(key.key());
    }

    private static ClientKeyConfig fileKey(Path file) {
        return new ClientKeyConfig("t", null, file.toString(), null, false, 0, 0);
    }

    private static AccessControl twoKeys() throws Exception {
        return access(POOL + "access: {keys: [" + key("a", "one") + ", " + key("b", "two") + "]}");
    }

    private static String key(String name, String key) {
        return "{name: " + name + ", sha256: \"" + NewKey.of(key).sha256() + "\"}";
    }

    private static AccessControl access(String yaml) throws Exception {
        return access(ConfigLoader.parse(yaml));
    }

    private static AccessControl access(RouterConfig config) throws IOException {
        return new AccessControl(config, new AccessControl.Time(new ManualTicker(), InstantSource.system()), null);
    }

    private static Caller identified(AccessControl access, String... headers) {
        HttpHeaders all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        @Nullable
        Caller caller = access.identify(all, ImmediateEventExecutor.INSTANCE).getNow();
        return Objects.requireNonNull(caller);
    }

    private static ProxyFailure refusal(AccessControl access, String... headers) {
        return Objects.requireNonNull(identified(access, headers).refusal());
    }
}
