package io.penstock.router.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.testkit.ManualTicker;
import io.penstock.router.access.ScriptedLimits.Scripted;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An admission that other routers have part in, answered by a script. */
final class SharedAdmissionTest {

    private final ManualTicker ticker = new ManualTicker();
    private final ScriptedLimits shared = new ScriptedLimits();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LimitSource source = new LimitSource(ticker, shared, "");
    private final RateLimit client = RateLimit.NONE.next(10, 1000, source.of("key", "ann"));
    private final RateLimit route = RateLimit.NONE.next(20, 0, source.of("route", "main"));
    private final Scripted clientRequests = shared.named("key:ann:requests");
    private final Scripted clientTokens = shared.named("key:ann:tokens");
    private final Scripted routeRequests = shared.named("route:main:requests");

    SharedAdmissionTest() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.close();
    }

    private Admission admitted(long tokens) {
        Admission admission = Admission.of(client, route, tokens);
        assertThat(admission.refusal()).isNull();
        return admission;
    }

    private Future<Admission> confirm(Admission admission) {
        return Objects.requireNonNull(admission.confirm(shared, channel.eventLoop()));
    }

    private void run() {
        channel.runPendingTasks();
    }

    private static HttpHeaders headers(Admission admission) {
        HttpHeaders headers = new DefaultHttpHeaders();
        admission.headers().apply(headers);
        return headers;
    }

    @Test
    void theClientsLimitsAreAskedAtOnceAndTheRoutesAfterThem() {
        Admission admission = admitted(100);
        Future<Admission> confirmed = confirm(admission);
        assertThat(clientRequests.taken()).containsExactly(1L);
        assertThat(clientTokens.taken()).containsExactly(100L);
        assertThat(routeRequests.taken()).isEmpty();
        clientTokens.passes(700);
        clientRequests.passes(3);
        run();
        assertThat(routeRequests.taken()).containsExactly(1L);
        assertThat(confirmed.isDone()).isFalse();
        routeRequests.passes(5);
        run();

        assertThat(confirmed.getNow()).isSameAs(admission);
        assertThat(admission.refusal()).isNull();
        assertThat(shared.told()).containsExactly("passed");
        HttpHeaders told = headers(admission);
        assertThat(told.get("x-ratelimit-limit-requests")).isEqualTo("10");
        assertThat(told.get("x-ratelimit-remaining-requests")).isEqualTo("3");
        assertThat(told.get("x-ratelimit-remaining-tokens")).isEqualTo("700");
    }

    @Test
    void whoIsOverTheCommonLimitIsRefusedAndChargedNowhere() {
        Admission admission = admitted(100);
        Future<Admission> confirmed = confirm(admission);
        clientTokens.passes(700);
        clientRequests.refuses();
        run();

        assertThat(confirmed.isSuccess()).isTrue();
        ProxyFailure refusal = Objects.requireNonNull(admission.refusal());
        assertThat(refusal.kind()).isEqualTo(FailureKind.RATE_LIMITED);
        assertThat(refusal.retryAfterSeconds()).isEqualTo(7);
        assertThat(refusal.message()).contains("this client", "10 requests within a minute");
        assertThat(headers(admission).get("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(routeRequests.taken()).isEmpty();
        assertThat(clientTokens.booked()).as("given back").isEqualTo(-100);
        assertThat(clientRequests.booked()).isZero();
        assertThat(clientRequests.left()).isEqualTo(10);
        assertThat(clientTokens.left()).isEqualTo(1000);
        assertThat(routeRequests.left()).isEqualTo(20);
        assertThat(shared.told()).containsExactly("refused");
    }

    @Test
    void whatIsGivenOnlyAfterTheRefusalIsGivenBack() {
        confirm(admitted(100));
        clientRequests.refuses();
        run();
        clientTokens.passes(700);
        run();
        assertThat(clientTokens.booked()).isEqualTo(-100);
    }

    @Test
    void withoutAnAnswerInTimeTheRoutersOwnLimitsHaveDecided() {
        Admission admission = admitted(100);
        Future<Admission> confirmed = confirm(admission);
        channel.advanceTimeBy(ScriptedLimits.PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();

        assertThat(confirmed.isSuccess()).isTrue();
        assertThat(admission.refusal()).isNull();
        assertThat(shared.told()).containsExactly("late");
        assertThat(headers(admission).get("x-ratelimit-remaining-requests")).isEqualTo("9");
        clientRequests.refuses();
        run();
        assertThat(admission.refusal()).as("too late").isNull();
        assertThat(shared.told()).hasSize(1);
    }

    @Test
    void theDeadlineIsForBothStepsTogetherAndEndsWithTheAnswer() {
        Future<Admission> confirmed = confirm(admitted(0));
        channel.advanceTimeBy(ScriptedLimits.PATIENCE_NANOS - 1, TimeUnit.NANOSECONDS);
        clientRequests.passes(3);
        run();
        channel.advanceTimeBy(1, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        assertThat(confirmed.isSuccess()).isTrue();
        assertThat(shared.told()).containsExactly("late");

        Future<Admission> quick = confirm(admitted(0));
        clientRequests.passes(2);
        run();
        routeRequests.passes(2);
        run();
        assertThat(quick.isSuccess()).isTrue();
        assertThat(channel.runScheduledPendingTasks()).as("no deadline is left").isEqualTo(-1);
        assertThat(shared.told()).containsExactly("late", "passed");
    }

    @Test
    void anErrorIsNoAnswer() {
        Admission admission = admitted(0);
        confirm(admission);
        clientRequests.fails(new CompletionException(new IllegalStateException("WRONGTYPE")));
        run();
        assertThat(admission.refusal()).isNull();
        confirm(admitted(0));
        clientRequests.fails(new CompletionException(new RejectedExecutionException()));
        run();
        assertThat(shared.told()).containsExactly("failed", "busy");
    }

    @Test
    void nobodyIsAskedWhoIsAwayNorAboutWhatIsRefusedHere() {
        shared.away();
        assertThat(confirm(admitted(1)).isSuccess()).isTrue();
        assertThat(clientRequests.taken()).isEmpty();
        assertThat(shared.told()).containsExactly("away");
        for (int i = 0; i < 9; i++) {
            admitted(1);
        }
        Admission refused = Admission.of(client, route, 1);
        assertThat(refused.refusal()).isNotNull();
        assertThat(refused.confirm(shared, channel.eventLoop())).isNull();
        assertThat(Admission.FREE.confirm(shared, channel.eventLoop())).isNull();
    }

    @Test
    void whatTheRequestReallyTookIsBookedWhateverWasAnswered() {
        Admission answered = admitted(100);
        confirm(answered);
        clientTokens.passes(900);
        clientRequests.passes(9);
        run();
        answered.charge().correct(250);
        assertThat(clientTokens.booked()).isEqualTo(150);
        assertThat(clientTokens.left()).isEqualTo(750);

        Admission late = admitted(100);
        confirm(late);
        late.charge().add(20);
        assertThat(clientTokens.booked()).as("all of it").isEqualTo(150 + 120);
        clientTokens.passes(600);
        run();
        assertThat(clientTokens.booked()).as("but what is taken late").isEqualTo(150 + 20);
        assertThat(clientTokens.left()).isEqualTo(630);
    }

    @Test
    void aClientThatLeavesWhileOthersAreAskedIsChargedNothing() {
        Future<Admission> confirmed = confirm(admitted(100));
        clientRequests.passes(9);
        run();
        confirmed.cancel(false);
        run();
        clientTokens.passes(900);
        run();
        assertThat(clientRequests.booked()).isEqualTo(-1);
        assertThat(clientTokens.booked()).isEqualTo(-100);
        assertThat(clientRequests.left()).isEqualTo(10);
        assertThat(clientTokens.left()).isEqualTo(1000);
        assertThat(shared.told()).isEmpty();
    }

    @Test
    void theNamesTellWhoButNoSecret() {
        SubjectsTest.issue(source).caller("corp", "ann@example.com");
        assertThat(shared.names())
                .contains("key:ann:requests", "key:ann:tokens", "route:main:requests")
                .contains("subject:corp:" + Digest.of("ann@example.com").hex() + ":requests")
                .noneMatch(name -> name.contains("example"));
    }
}
