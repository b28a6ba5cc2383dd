package io.penstock.router.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.Exposition;
import io.penstock.router.metrics.RouterMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The pages every admin port has. Threading: immutable. */
public final class AdminPages {

    private AdminPages() {}

    /**
     * The router as its pages show it. Threading: immutable; what it reads may be read on any thread.
     *
     * @param build what is running
     * @param ticker the clock
     * @param startNanos when the router was made, on it
     * @param draining true once the router shuts down
     */
    public record Life(Build build, Ticker ticker, long startNanos, BooleanSupplier draining) {

        /** A life that begins now. */
        public static Life from(Build build, Ticker ticker, BooleanSupplier draining) {
            return new Life(build, ticker, ticker.nanos(), draining);
        }

        long uptimeSeconds() {
            return TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - startNanos);
        }
    }

    /** Liveness, readiness, metrics, the fleet with its drain switches and how its engines are found, and the status page. */
    public static List<AdminPage> of(
            FleetView fleet, Supplier<List<DiscoveryView>> discovery, RouterMetrics metrics, Life life) {
        Exposition exposition = metrics.exposition();
        var readiness = new Readiness(fleet, life.draining());
        var fleetPages = new FleetPages(fleet, discovery, readiness, life);
        List<AdminPage> pages = new ArrayList<>(List.of(
                AdminPage.get("/livez", request -> AdminReply.text(200, "alive")),
                AdminPage.get("/readyz", request -> readiness.reply()),
                new AdminPage(HttpMethod.GET, "/metrics", true, request -> metrics(exposition, request)),
                AdminPage.get("/fleet", request -> fleetPages.show()),
                AdminPage.post("/fleet/drain", request -> fleetPages.drain(request, true)),
                AdminPage.post("/fleet/undrain", request -> fleetPages.drain(request, false))));
        pages.addAll(StatusFiles.pages());
        pages.add(events(fleet, metrics, life, new StatusJson(discovery, readiness, life)));
        return pages;
    }

    private static AdminPage events(FleetView fleet, RouterMetrics metrics, Life life, StatusJson json) {
        var sampler = new StatusSampler(fleet, metrics::traffic, life.ticker(), json);
        var watchers = new Watchers(sampler::event);
        return AdminPage.get(StatusFiles.FOLDER + "events", request -> AdminReply.events(watchers));
    }

    private static AdminReply metrics(Exposition metrics, AdminRequest request) {
        String contentType = metrics.contentType(request.accept());
        return new AdminReply(200, contentType, Unpooled.wrappedBuffer(metrics.render(contentType)));
    }
}
