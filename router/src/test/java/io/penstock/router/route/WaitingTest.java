package io.penstock.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.AttemptEnd;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RoutingRequest;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.access.AccessControl;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.fleet.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that wait for room, on a loop whose time moves only when told to. */
final class WaitingTest {

    private final ManualControl control = new ManualControl();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> waits = new ArrayList<>();
    private final List<RouteDecision.Forward> running = new ArrayList<>();

    WaitingTest() {
        channel.freezeTime();
    }

    private final WaitObserver observer = new WaitObserver() {
        @Override
        public void waited(String pool, WaitEnd end, long nanos) {
            waits.add(end.label() + " " + TimeUnit.NANOSECONDS.toMillis(nanos));
        }

        @Override
        public void roomFull(String pool) {
            waits.add("room_full");
        }
    };

    private final RouterConfig config = Fleets.config(
            List.of(Fleets.limited(Fleets.pool("chat", 2, "m"), new LimitsConfig(1, 0, 2, Duration.ofSeconds(10)))));
    private final Fleet fleet = new Fleet(config, policy -> Fleets.firstLeft(), control);
    private final FleetRouter router =
            new FleetRouter(config, fleet, BodyScans.NONE, observer, AccessControl::forEverybody);

    private RoutingRequest request(String... headers) {
        RoutingRequest plain = Requests.chat("m", headers);
        RequestHead head = new RequestHead(
                HttpMethod.POST,
                plain.head().uri(),
                plain.head().headers(),
                plain.head().client(),
                "http",
                "id",
                control.ticker().nanos());
        return new RoutingRequest(head, plain.body(), channel.eventLoop());
    }

    private Future<RouteDecision> route(String... headers) {
        return router.route(request(headers));
    }

    private RouteDecision.Forward forwarded(Future<RouteDecision> decision) {
        RouteDecision made = Requests.decision(decision);
        assertThat(made).isInstanceOf(RouteDecision.Forward.class);
        running.add((RouteDecision.Forward) made);
        return (RouteDecision.Forward) made;
    }

    private static ProxyFailure refused(Future<RouteDecision> decision) {
        RouteDecision made = Requests.decision(decision);
        assertThat(made).isInstanceOf(RouteDecision.Reject.class);
        return ((RouteDecision.Reject) made).failure();
    }

    private void fill() {
        forwarded(route());
        forwarded(route());
    }

    private void endOldest() {
        running.remove(0).ticket().end(Fleets.WELL);
        channel.runPendingTasks();
    }

    private void pass(Duration time) {
        control.advance(time);
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private int waiting() {
        return fleet.pools().stream().mapToInt(PoolView::waiting).sum();
    }

    private int inFlight() {
        return fleet.engines().stream().mapToInt(EngineView::inFlight).sum();
    }

    @AfterEach
    void nothingIsLeft() {
        while (!running.isEmpty()) {
            endOldest();
        }
        assertThat(waiting()).isZero();
        assertThat(inFlight()).isZero();
        assertThat(channel.runScheduledPendingTasks()).as("timers left").isEqualTo(-1);
    }

    @Test
    void aRequestWaitsAndIsGivenThePlaceThatIsFreed() {
        fill();
        Future<RouteDecision> third = route();
        assertThat(third.isDone()).isFalse();
        assertThat(waiting()).isOne();
        pass(Duration.ofSeconds(3));
        endOldest();

        assertThat(forwarded(third).plan().waitedNanos())
                .isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(waits).containsExactly("admitted 3000");
        assertThat(inFlight()).isEqualTo(2);
    }

    @Test
    void aFullRoomRefusesAtOnceWith429() {
        fill();
        Future<RouteDecision> third = route();
        Future<RouteDecision> fourth = route();
        ProxyFailure failure = refused(route());

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.retryAfterSeconds()).isPositive();
        assertThat(failure.message()).contains("'chat'").doesNotContain("8000");
        assertThat(waits).containsExactly("room_full");
        endOldest();
        endOldest();
        forwarded(third);
        forwarded(fourth);
    }

    @Test
    void whoWaitedAsLongAsThePoolAllowsIsRefused() {
        fill();
        Future<RouteDecision> third = route();
        pass(Duration.ofMillis(9999));
        assertThat(third.isDone()).isFalse();
        pass(Duration.ofMillis(1));

        ProxyFailure failure = refused(third);
        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.message()).contains("within 10s");
        assertThat(failure.retryAfterSeconds()).isPositive();
        assertThat(waits).containsExactly("max_wait 10000");
    }

    @Test
    void whoWaitedAsLongAsItsClientDoesIsRefused() {
        fill();
        Future<RouteDecision> third = route("x-penstock-timeout", "500ms");
        pass(Duration.ofMillis(500));

        assertThat(refused(third).message()).contains("x-penstock-timeout");
        assertThat(waits).containsExactly("client_timeout 500");
    }

    @Test
    void theClientsTimeBeganWithItsRequest() {
        fill();
        RoutingRequest slow = request("x-penstock-timeout", "2");
        pass(Duration.ofMillis(1500));
        Future<RouteDecision> waiting = router.route(slow);
        pass(Duration.ofMillis(500));

        assertThat(refused(waiting).kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(waits).containsExactly("client_timeout 500");
    }

    @Test
    void aRequestWhoseTimeIsOverIsSentToNoEngine() {
        RoutingRequest slow = request("x-penstock-timeout", "2");
        pass(Duration.ofSeconds(2));

        assertThat(refused(router.route(slow)).kind()).isEqualTo(FailureKind.TOTAL_TIMEOUT);
        assertThat(inFlight()).isZero();
        assertThat(waits).isEmpty();
    }

    @Test
    void whereEnginesAreBusyTheRefusalSaysSoAndForHowLong() {
        fill();
        running.remove(0).ticket().end(new AttemptEnd(429, null, 1, 2, 9));
        running.remove(0).ticket().end(new AttemptEnd(429, null, 1, 2, 7));
        pass(Duration.ofMillis(1500));
        Future<RouteDecision> third = route();
        Future<RouteDecision> fourth = route();
        ProxyFailure failure = refused(route());

        assertThat(failure.kind()).isEqualTo(FailureKind.OVERLOADED);
        assertThat(failure.message()).contains("takes requests now: 2 busy").doesNotContain("as many");
        assertThat(failure.retryAfterSeconds()).isEqualTo(6);
        pass(Duration.ofSeconds(8));
        channel.runPendingTasks();
        forwarded(third);
        forwarded(fourth);
    }

    @Test
    void aClientThatLeavesLeavesTheRoom() {
        fill();
        Future<RouteDecision> third = route();
        Future<RouteDecision> fourth = route();
        third.cancel(false);
        assertThat(waiting()).isOne();
        endOldest();

        forwarded(fourth);
        assertThat(waits).containsExactly("client_gone 0", "admitted 0");
    }

    @Test
    void aTicketOnItsWayToAClientThatLeavesIsEnded() {
        fill();
        Future<RouteDecision> third = route();
        running.remove(0).ticket().end(Fleets.WELL);
        assertThat(third.isDone()).as("the loop has not run").isFalse();
        assertThat(inFlight()).isEqualTo(2);
        third.cancel(false);
        channel.runPendingTasks();

        assertThat(inFlight()).isOne();
        assertThat(waits).containsExactly("client_gone 0");
    }

    @Test
    void aLowPriorityIsGrantedToAnybodyAHighOneOnlyByTheRoute() {
        fill();
        Future<RouteDecision> low = route("x-penstock-priority", "low");
        Future<RouteDecision> high = route("x-penstock-priority", "high");
        endOldest();
        forwarded(high);
        endOldest();
        forwarded(low);

        endOldest();
        endOldest();
        fill();
        Future<RouteDecision> first = route();
        Future<RouteDecision> second = route("x-penstock-priority", "high");
        endOldest();
        forwarded(first);
        endOldest();
        forwarded(second);
    }

    @Test
    void anotherEngineIsWaitedForAfterAFailure() {
        fill();
        RouteDecision.Forward failed = running.remove(0);
        failed.ticket().end(Fleets.failed(FailureKind.CONNECT_FAILED));
        Future<RouteDecision> again =
                failed.plan().reroute(ProxyFailure.of(FailureKind.CONNECT_FAILED, "no connection"));
        assertThat(again.isDone()).as("the engine that failed has room").isFalse();
        endOldest();

        assertThat(forwarded(again).endpoint()).isNotEqualTo(failed.endpoint());
    }

    @Test
    void whoWaitsInVainForAnotherEngineIsToldWhatFailed() {
        fill();
        RouteDecision.Forward failed = running.remove(0);
        failed.ticket().end(Fleets.failed(FailureKind.CONNECT_FAILED));
        Future<RouteDecision> again =
                failed.plan().reroute(ProxyFailure.of(FailureKind.CONNECT_FAILED, "no connection"));
        pass(Duration.ofSeconds(10));

        assertThat(refused(again).kind()).isEqualTo(FailureKind.CONNECT_FAILED);
    }

    @Test
    void whenNoEngineIsLeftWhoWaitsIsTold() {
        fill();
        Future<RouteDecision> third = route();
        fleet.drain("chat-1:8000", true);
        fleet.drain("chat-2:8000", true);
        channel.runPendingTasks();

        assertThat(refused(third).kind()).isEqualTo(FailureKind.NO_ENGINE);
        assertThat(refused(route()).kind()).isEqualTo(FailureKind.NO_ENGINE);
        assertThat(waits).containsExactly("no_engine 0");
    }

    @Test
    void aMalformedHeaderIsRefused() {
        for (String bad : List.of("", "0", "0s", "-1", "1.5", "soon", "2 s", "1d", "99999999999")) {
            assertThat(refused(route("x-penstock-timeout", bad)).kind()).as(bad).isEqualTo(FailureKind.BAD_REQUEST);
        }
        assertThat(refused(route("x-penstock-priority", "urgent")).message()).contains("high, normal and low");
    }

    @Test
    void thePlanKnowsHowMuchTimeIsLeft() {
        RouteDecision.Forward forward = forwarded(route("x-penstock-timeout", "30"));
        pass(Duration.ofSeconds(12));

        assertThat(forward.plan().timeLeftNanos(control.ticker().nanos()))
                .isEqualTo(Duration.ofSeconds(18).toNanos());
        assertThat(forwarded(route()).plan().timeLeftNanos(0)).isEqualTo(Long.MAX_VALUE);
    }
}
