package io.penstock.router.route;

import static io.penstock.router.route.Requests.forward;
import static io.penstock.router.route.Requests.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.fleet.Fleets;
import io.penstock.router.fleet.ManualControl;
import io.penstock.router.request.InferenceRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies too large for the event loop. Every test hands the body back with one reference. */
final class LargeBodyTest {

    /** Scans that wait until the test lets them run. */
    private static final class HeldScans implements BodyScans {

        private record Held(Promise<InferenceRequest> answer, Callable<InferenceRequest> scan) {}

        private final Deque<Held> held = new ArrayDeque<>();

        @Override
        public Future<InferenceRequest> submit(EventExecutor answerOn, Callable<InferenceRequest> scan) {
            Held one = new Held(answerOn.newPromise(), scan);
            held.add(one);
            return one.answer();
        }

        void runNext() {
            Held next = held.remove();
            try {
                next.answer().setSuccess(next.scan().call());
            } catch (Exception e) {
                next.answer().setFailure(e);
            }
        }

        void fail(Throwable why) {
            held.remove().answer().setFailure(why);
        }
    }

    private final RouterConfig config = Fleets.config(List.of(Fleets.pool("a", 1, "m")));
    private final Fleet fleet = new Fleet(config, policy -> Fleets.firstLeft(), new ManualControl());
    private final HeldScans scans = new HeldScans();
    private final FleetRouter router = new FleetRouter(config, fleet, scans);
    private final ByteBuf body = large("{\"model\":\"m\"}");

    private static ByteBuf large(String json) {
        ByteBuf body = Unpooled.directBuffer();
        body.writeCharSequence(json + " ".repeat(FleetRouter.INLINE_SCAN_BYTES), UTF_8);
        return body;
    }

    @AfterEach
    void theBodyIsGivenBack() {
        assertThat(body.refCnt()).isOne();
        assertThat(body.readerIndex()).isZero();
        body.release();
    }

    private Future<RouteDecision> route() {
        return router.route(request(HttpMethod.POST, "/v1/completions", body));
    }

    private int inFlight() {
        return fleet.engines().stream().mapToInt(EngineView::inFlight).sum();
    }

    @Test
    void aLargeBodyIsHeldWhileItIsScannedElsewhere() {
        Future<RouteDecision> decision = route();
        assertThat(decision.isDone()).isFalse();
        assertThat(body.refCnt()).isEqualTo(2);

        scans.runNext();

        assertThat(Requests.decision(decision)).isInstanceOf(RouteDecision.Forward.class);
        assertThat(inFlight()).isOne();
        assertThat(router.scansWithoutRoom()).isZero();
    }

    @Test
    void aClientThatLeavesMeanwhileTakesNoTicket() {
        Future<RouteDecision> decision = route();
        decision.cancel(false);
        assertThat(body.refCnt()).as("the scan still reads").isEqualTo(2);

        scans.runNext();

        assertThat(inFlight()).isZero();
    }

    @Test
    void aLargeBodyThatIsNotJsonIsRefused() {
        body.setByte(0, '[');
        Future<RouteDecision> decision = route();
        scans.runNext();

        assertThat(Requests.decision(decision))
                .isInstanceOfSatisfying(
                        RouteDecision.Reject.class,
                        reject -> assertThat(reject.failure().kind()).isEqualTo(FailureKind.BAD_REQUEST));
    }

    @Test
    void withoutRoomTheScanRunsHereAndIsCounted() {
        FleetRouter full = new FleetRouter(config, fleet, BodyScans.NONE);

        forward(full, request(HttpMethod.POST, "/v1/completions", body));

        assertThat(full.scansWithoutRoom()).isOne();
    }

    @Test
    void aScanThatIsDroppedLaterRunsHere() {
        Future<RouteDecision> decision = route();
        scans.fail(new RejectedExecutionException("closing"));

        assertThat(Requests.decision(decision)).isInstanceOf(RouteDecision.Forward.class);
        assertThat(router.scansWithoutRoom()).isOne();
    }

    @Test
    void aScanThatIsCancelledAsItsThreadsCloseRunsHere() {
        Future<RouteDecision> decision = route();
        scans.fail(new CancellationException("closed"));

        assertThat(Requests.decision(decision)).isInstanceOf(RouteDecision.Forward.class);
    }

    @Test
    void aSmallBodyIsScannedHere() {
        body.writerIndex(FleetRouter.INLINE_SCAN_BYTES);

        assertThat(route().isDone()).isTrue();
    }
}
