package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and limits across a change of the configuration. */
class LiveAccessTest {

    private static final AccessControl.Time TIME = new AccessControl.Time(new ManualTicker(), InstantSource.system());

    private static RouterConfig config(String pool, String keys) throws Exception {
        return ConfigLoader.parse(
                "pools: [{name: chat, engines: [http://h:1]" + pool + "}]\naccess: {keys: [" + keys + "]}\n");
    }

    private static String key(String name, String more) {
        return "{name: " + name + ", sha256: \"" + NewKey.of(name).sha256() + "\"" + more + "}";
    }

    private static Caller caller(AccessControl access, String key) {
        var headers = new DefaultHttpHeaders().add("x-api-key", key);
        return Objects.requireNonNull(
                access.identify(headers, ImmediateEventExecutor.INSTANCE).getNow());
    }

    private static AccessControl reloaded(LiveAccess live, RouterConfig config) throws IOException {
        live.prepare(config);
        return live.controlTake(config);
    }

    @Test
    void aKeyThatIsAddedCountsAndOneThatIsTakenOutDoesNot() throws Exception {
        RouterConfig first = config("", key("a", ""));
        try (LiveAccess live = new LiveAccess(first, TIME, null)) {
            AccessControl before = live.controlTake(first);
            AccessControl after = reloaded(live, config("", key("b", "")));
            assertThat(caller(after, "a").refusal()).isNotNull();
            assertThat(caller(after, "b").name()).isEqualTo("b");
            assertThat(caller(before, "a").refusal()).isNull();
            assertThat(after.counts()).isSameAs(before.counts());
        }
    }

    @Test
    void whatIsLeftOfALimitIsKeptAlsoWhenTheLimitChanges() throws Exception {
        RouterConfig first = config("", key("a", ", requestsPerMinute: 1"));
        try (LiveAccess live = new LiveAccess(first, TIME, null)) {
            RateLimit limits = caller(live.controlTake(first), "a").limits();
            assertThat(Admission.of(limits, RateLimit.NONE, 0).refusal()).isNull();

            String same = key("a", ", requestsPerMinute: 1, tokensPerMinute: 5");
            RateLimit kept = caller(reloaded(live, config("", same)), "a").limits();
            assertThat(Admission.of(kept, RateLimit.NONE, 0).refusal()).isNotNull();

            RateLimit other = caller(reloaded(live, config("", key("a", ", requestsPerMinute: 2"))), "a")
                    .limits();
            assertThat(Admission.of(other, RateLimit.NONE, 0).refusal()).isNotNull();
        }
    }

    @Test
    void anUnreadableSecretLeavesEverythingAsItWas(@TempDir Path folder) throws Exception {
        RouterConfig first = config("", key("a", ""));
        try (LiveAccess live = new LiveAccess(first, TIME, null)) {
            Path empty = Files.writeString(folder.resolve("empty"), "\n");
            RouterConfig broken = config("", "{name: b, file: \"" + empty + "\"}");
            assertThatThrownBy(() -> live.prepare(broken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("access key b")
                    .hasMessageContaining("holds no key");
            assertThat(caller(live.controlTake(first), "a").refusal()).isNull();
            assertThatThrownBy(() -> live.controlTake(broken)).isInstanceOf(IllegalStateException.class);
            assertThat(caller(live.controlTake(first), "a").refusal()).isNull();
        }
    }

    @Test
    void theEnginesKeyFollows(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("engine"), "secret");
        RouterConfig first = config("", "");
        try (LiveAccess live = new LiveAccess(first, TIME, null)) {
            var headers = new DefaultHttpHeaders();
            live.controlTake(first).ownRequests("chat").apply(headers);
            assertThat(headers).isEmpty();
            reloaded(live, config(", key: {file: \"" + file + "\"}", ""))
                    .ownRequests("chat")
                    .apply(headers);
            assertThat(headers.get("authorization")).isEqualTo("Bearer secret");
        }
    }

    @Test
    void whatWasWithdrawnIsThereAgain() throws Exception {
        RateLimit limit = RateLimit.perMinute(1, 10, new ManualTicker());
        Admission.of(limit, RateLimit.NONE, 10).withdraw();
        assertThat(Admission.of(limit, RateLimit.NONE, 10).refusal()).isNull();
    }

    @Test
    void aChangedLimitLeavesWhatWasLeftAndADebtToo() {
        ManualTicker ticker = new ManualTicker();
        RateLimit limit = RateLimit.perMinute(10, 100, ticker);
        Admission admission = Admission.of(limit, RateLimit.NONE, 60);
        RateLimit less = limit.next(5, 50, LimitSource.own(ticker));
        assertThat(Objects.requireNonNull(less.tokens()).take(41).isConsumed())
                .as("40 were left")
                .isFalse();
        assertThat(Objects.requireNonNull(less.tokens()).take(40).isConsumed()).isTrue();
        assertThat(Objects.requireNonNull(less.requests()).take(5).isConsumed()).isTrue();
        assertThat(Objects.requireNonNull(less.requests()).take(1).isConsumed()).isFalse();

        admission.charge().correct(200);
        RateLimit more = limit.next(10, 1000, LimitSource.own(ticker));
        ticker.advance(Duration.ofSeconds(6));
        assertThat(Objects.requireNonNull(more.tokens()).take(1).isConsumed())
                .as("100 were owed")
                .isFalse();
        assertThat(Objects.requireNonNull(more.tokens()).take(1).getRemainingTokens())
                .isZero();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(Objects.requireNonNull(more.tokens()).take(1).isConsumed()).isTrue();
        assertThat(limit.next(0, 0, LimitSource.own(ticker)).isNone()).isTrue();
    }
}
