package io.penstock.router.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.penstock.router.config.DiscoveryConfig.DnsConfig;
import io.penstock.router.config.DiscoveryConfig.Records;
import io.penstock.router.config.DiscoveryConfig.Scheme;
import io.penstock.router.fleet.ManualControl;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a name is asked for, and what is told of the answers. */
final class DnsSourceTest {

    private final ManualControl control = new ManualControl();
    private final Told told = new Told();
    private final FakeLookup lookup = new FakeLookup();

    /** Answers when the test says. */
    private static final class FakeLookup implements DnsLookup {

        private Promise<DnsAnswer> open = ImmediateEventExecutor.INSTANCE.newPromise();
        private int asked;
        private boolean closed;

        @Override
        public Future<DnsAnswer> ask() {
            asked++;
            open = ImmediateEventExecutor.INSTANCE.newPromise();
            return open;
        }

        @Override
        public void close() {
            closed = true;
        }

        void says(int ttlSeconds, String... hosts) {
            List<DnsAnswer.Target> targets =
                    Stream.of(hosts).map(host -> new DnsAnswer.Target(host, 7)).toList();
            open.setSuccess(new DnsAnswer(targets, Duration.ofSeconds(ttlSeconds)));
        }

        void fails() {
            open.setFailure(new UnknownHostException("no such name"));
        }
    }

    private DnsSource started(Records records, Scheme scheme) {
        var config = new DnsConfig("vllm", records, 8000, scheme, Duration.ofSeconds(30), List.of());
        DnsSource source = new DnsSource(config, lookup, control);
        source.start(told);
        return source;
    }

    private DnsSource started() {
        return started(Records.A, Scheme.HTTP);
    }

    private int askedWithin(Duration time) {
        int before = lookup.asked;
        control.advance(time);
        return lookup.asked - before;
    }

    @Test
    void addressesBecomeEnginesInOneOrderAndOnce() {
        started();
        lookup.says(5, "10.0.0.2", "10.0.0.1", "fd00::1", "10.0.0.2");
        assertThat(told.lines()).containsExactly("http://10.0.0.1:8000 http://10.0.0.2:8000 http://[fd00::1]:8000");
    }

    @Test
    void serviceRecordsBringTheirOwnPort() {
        started(Records.SRV, Scheme.HTTPS);
        lookup.says(5, "pod-1.vllm");
        assertThat(told.lines()).containsExactly("https://pod-1.vllm:7");
    }

    @Test
    void theNameIsAskedForAgainWhenItsTimeIsOverAndNotBefore() {
        started();
        lookup.says(5, "10.0.0.1");
        assertThat(askedWithin(Duration.ofMillis(4_999))).isZero();
        assertThat(askedWithin(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(askedWithin(Duration.ofMinutes(1))).as("never two at once").isZero();
    }

    @Test
    void aTtlOfZeroAndOneOfADayAreBounded() {
        started();
        lookup.says(0, "10.0.0.1");
        assertThat(askedWithin(Duration.ofMillis(999))).isZero();
        assertThat(askedWithin(Duration.ofMillis(1))).isEqualTo(1);
        lookup.says(86_400, "10.0.0.1");
        assertThat(askedWithin(Duration.ofMillis(29_999))).isZero();
        assertThat(askedWithin(Duration.ofMillis(1))).isEqualTo(1);
    }

    @Test
    void failuresAreToldAndFollowedByLaterAndLaterQuestions() {
        started();
        lookup.fails();
        assertThat(told.lines()).containsExactly("failed: no such name");
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(askedWithin(Duration.ofSeconds(seconds).minusMillis(1))).isZero();
            assertThat(askedWithin(Duration.ofMillis(1))).isEqualTo(1);
            lookup.fails();
        }
        assertThat(askedWithin(Duration.ofSeconds(30))).isEqualTo(1);
        lookup.says(60, "10.0.0.1");
        assertThat(askedWithin(Duration.ofSeconds(30))).isEqualTo(1);
        lookup.fails();
        assertThat(askedWithin(Duration.ofSeconds(1))).as("it begins anew").isEqualTo(1);
    }

    @Test
    void aClosedSourceNeitherAsksNorTells() {
        DnsSource source = started();
        source.close();
        assertThat(lookup.closed).isTrue();
        lookup.says(1, "10.0.0.1");
        assertThat(askedWithin(Duration.ofMinutes(1))).isZero();
        assertThat(told.lines()).isEmpty();
    }
}
