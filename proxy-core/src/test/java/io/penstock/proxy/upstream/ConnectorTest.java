package io.penstock.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.api.Endpoint;
import io.penstock.proxy.api.Endpoint.Protocol;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.failure.FailureKind;
import io.penstock.proxy.failure.ProxyFailure;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.SystemNameServers;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.ManualTicker;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a connection may take, and whom it asks for a name. */
final class ConnectorTest {

    private static final Endpoint ENGINE = new Endpoint("engine.invalid", 8000, Protocol.AUTO);

    private final EventLoops loops = new EventLoops("connector-test", 1);
    private final ManualTicker ticker = new ManualTicker();
    private final List<Runnable> readings = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameNoServer() {
        file = folder.resolve("resolv.conf");
    }

    @AfterEach
    void closeLoops() {
        loops.close();
    }

    private EngineNames names() {
        return new EngineNames(loops, new SystemNameServers(file.toString()), readings::add, ticker);
    }

    private ProxyFailure failure(Connector connector, Duration timeout) throws Exception {
        var loop = (EventLoop) loops.group().next();
        var pool = new EnginePool(loop, ENGINE, connector, ProxyOptions.Upstream.DEFAULT, ticker);
        var sink = new HeardSink();
        loop.execute(() -> pool.send(request(), timeout, sink));
        ProxyFailure failure = sink.failure.get(Gate.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(loop.submit(pool::isEmpty).get()).isTrue();
        return failure;
    }

    @Test
    void aNameThatIsNeverResolvedFailsTheRequestInTime() throws Exception {
        try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Files.writeString(file, "nameserver 127.0.0.1." + silent.getLocalPort() + "\n");
            try (var connector = new Connector(loops, new ProxyObserver() {}, names())) {
                assertThat(failure(connector, Duration.ofMillis(20)).kind()).isEqualTo(FailureKind.CONNECT_TIMEOUT);
            }
        }
    }

    @Test
    void whereTheSystemNamesNoServerNobodyIsAskedAndThatIsTold() throws Exception {
        try (var connector = new Connector(loops, new ProxyObserver() {}, names())) {
            ProxyFailure failure = failure(connector, Gate.LIMIT);
            assertThat(failure.kind()).isEqualTo(FailureKind.CONNECT_FAILED);
            assertThat(failure.message())
                    .isEqualTo("the engine has a host name, and no name server is configured in " + file);
        }
    }

    @Test
    void nameServersAreReadAgainBesidesTheQuestions() throws Exception {
        try (var names = names()) {
            Files.writeString(file, "nameserver 10.96.0.10\n");
            ticker.advance(EngineNames.AGE.minusNanos(1));
            assertThat(names.nameServerAddressStream("engine").size()).isZero();
            assertThat(readings).isEmpty();
            ticker.advance(Duration.ofNanos(1));
            assertThat(names.nameServerAddressStream("engine").size())
                    .as("no question waits for a file")
                    .isZero();
            assertThat(names.nameServerAddressStream("engine").size()).isZero();
            assertThat(readings).hasSize(1);
            readings.get(0).run();
            assertThat(names.nameServerAddressStream("engine").next())
                    .isEqualTo(new InetSocketAddress("10.96.0.10", 53));
        }
    }

    private static UpstreamRequest request() {
        return new UpstreamRequest(HttpMethod.GET, "/", new DefaultHttpHeaders(), Unpooled.EMPTY_BUFFER);
    }
}
