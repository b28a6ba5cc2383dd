package io.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.Future;
import io.penstock.proxy.api.ClientProtocol;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.ExchangeSummary.Timing;
import io.penstock.proxy.api.ExchangeTrace;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.RouteDecision;
import io.penstock.proxy.api.RouteLabels;
import io.penstock.proxy.api.RoutePlan;
import io.penstock.proxy.api.RouteTimeouts;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.http.RequestHead;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExchangeTallyTest {

    private static final long HEAD = -1_500;
    private static final long BODY = HEAD + 40;

    private final ExchangeTally tally = new ExchangeTally(
            new RequestHead(
                    HttpMethod.POST,
                    "/v1/x",
                    new DefaultHttpHeaders(),
                    new InetSocketAddress("192.0.2.1", 4711),
                    "http",
                    "id",
                    HEAD),
            ClientProtocol.HTTP1,
            ExchangeTrace.NONE);

    @Test
    void failedAttemptsAreNoneOfTheTimeThatTheRouterAdds() {
        tally.bodyComplete(2, BODY);
        tally.asking(forward(), ProxyObserver.NONE);
        tally.failedAttempt(30, 500);
        tally.asking(forward(), ProxyObserver.NONE);
        tally.failedAttempt(0, 70);
        tally.asking(forward(), ProxyObserver.NONE);
        tally.firstByte(BODY + 1000, 400);
        tally.waitedForConnection(100);

        assertThat(timing(BODY + 2000)).isEqualTo(new Timing(2040, 1000, 130, 1000 - 570 - 400, 0));
    }

    @Test
    void whatWasPreparedForAnotherPoolIsNoneOfItEither() {
        tally.bodyComplete(2, BODY);
        tally.preparing(new Prepared());
        tally.asking(forward(), ProxyObserver.NONE);
        tally.firstByte(BODY + 1000, 400);

        assertThat(timing(BODY + 2000)).isEqualTo(new Timing(2040, 1000, 0, 1000 - 300 - 50 - 400, 50));
    }

    @Test
    void onlyTheFirstByteCounts() {
        tally.bodyComplete(2, BODY);
        tally.asking(forward(), ProxyObserver.NONE);
        tally.firstByte(BODY + 10, 4);
        tally.firstByte(BODY + 1000, 0);

        assertThat(timing(BODY + 2000)).isEqualTo(new Timing(2040, 10, 0, 6, 0));
    }

    @Test
    void whatNeverHappenedTakesNoTime() {
        tally.bodyComplete(2, BODY);

        assertThat(timing(BODY)).isEqualTo(new Timing(40, -1, -1, -1, 0));
    }

    private Timing timing(long now) {
        return tally.ended(null, now).timing();
    }

    private static RouteDecision.Forward forward() {
        return new RouteDecision.Forward(
                new Endpoint("127.0.0.1", 1, Endpoint.Protocol.HTTP1), end -> {}, new NoOtherEngine(), List.of());
    }

    /** A plan for which an engine worked, and that led to no attempt. */
    private record Prepared() implements RoutePlan {
        @Override
        public RouteLabels labels() {
            return RouteLabels.NONE;
        }

        @Override
        public RouteTimeouts timeouts() {
            return new RouteTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }

        @Override
        public long preparedNanos() {
            return 300;
        }

        @Override
        public long waitedNanos() {
            return 50;
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            throw new AssertionError("not asked for");
        }
    }

    private record NoOtherEngine() implements RoutePlan {
        @Override
        public RouteLabels labels() {
            return RouteLabels.NONE;
        }

        @Override
        public RouteTimeouts timeouts() {
            return new RouteTimeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }

        @Override
        public Future<RouteDecision> reroute(ProxyFailure cause) {
            throw new AssertionError("not asked for");
        }
    }
}
