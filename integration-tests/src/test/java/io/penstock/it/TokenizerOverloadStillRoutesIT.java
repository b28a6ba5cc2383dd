package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.GlobalEventExecutor;
import io.penstock.proxy.ProxyServer;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.api.ProxyOptions;
import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.runtime.EventLoops;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.proxy.testkit.FakeEngine;
import io.penstock.proxy.testkit.Gate;
import io.penstock.proxy.testkit.RawClient;
import io.penstock.router.config.ConfigException;
import io.penstock.router.config.ConfigLoader;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.fleet.ControlPlane;
import io.penstock.router.fleet.Fleet;
import io.penstock.router.policy.Policies;
import io.penstock.router.route.FleetRouter;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Work off the event loops has a bounded queue; when it is full, requests are routed without waiting for it. */
final class TokenizerOverloadStillRoutesIT {

    private static final String LARGE = "{\"model\":\"m\",\"prompt\":\"" + "x".repeat(1 << 20) + "\"}";

    @RegisterExtension
    private final RouterExtension router = new RouterExtension();

    @Test
    void largeBodiesAreRoutedWhileTheThreadsAreBusy() throws IOException, ConfigException {
        FakeEngine engine = router.engine();
        RouterConfig config =
                ConfigLoader.parse(new RouterSetup().engines(engine).yaml());
        Gate busy = new Gate();
        Ticker ticker = Ticker.system();
        try (EventLoops loops = new EventLoops("overload", 1);
                OffloadExecutor threads = new OffloadExecutor("overload", 1, 1);
                Fleet fleet = new Fleet(config, policy -> Policies.of(policy, ticker), ControlPlane.start(ticker))) {
            FleetRouter fleetRouter = new FleetRouter(config, fleet, threads::submit);
            try (ProxyServer proxy = new ProxyServer(ProxyOptions.DEFAULT, loops, fleetRouter, ProxyObserver.NONE)) {
                proxy.bind("127.0.0.1", 0);
                saturate(threads, busy);
                try (RawClient client = RawClient.connect(proxy.port())) {
                    for (int i = 0; i < 5; i++) {
                        assertThat(client.post("/v1/completions", LARGE)
                                        .readResponse()
                                        .status())
                                .isEqualTo(200);
                    }
                }
                assertThat(fleetRouter.scansWithoutRoom()).isEqualTo(5);
                assertThat(engine.journal().requests())
                        .hasSize(5)
                        .allMatch(request -> request.text().equals(LARGE));
                busy.open();
            }
        }
    }

    @Test
    void aClientThatLeavesDuringItsScanCostsNothing() throws IOException {
        FakeEngine engine = router.engine();
        RouterUnderTest under = router.start(engine);
        for (int i = 0; i < 20; i++) {
            router.client(under).post("/v1/completions", LARGE).abort();
        }
        under.awaitNothingInFlight();
    }

    /** One piece of work runs and one waits: there is no room for another. */
    private static void saturate(OffloadExecutor threads, Gate busy) {
        Gate running = new Gate();
        var first = threads.submit(GlobalEventExecutor.INSTANCE, () -> {
            running.open();
            busy.await();
            return true;
        });
        running.await();
        var second = threads.submit(GlobalEventExecutor.INSTANCE, () -> true);
        await().until(() -> threads.depth() == 1);
        assertThat(first.isDone() || second.isDone()).isFalse();
    }
}
