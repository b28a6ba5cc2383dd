package io.penstock.router.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.metrics.Build;
import io.penstock.router.metrics.Exposition;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The pages every admin port has. Threading: immutable. */
public final class AdminPages {

    private AdminPages() {}

    /**
     * The router as its pages show it. Threading: immutable; what it reads may be read on any thread.
     *
     * @param build what is running
     * @param uptimeSeconds for how long
     * @param draining true once the router shuts down
     */
    public record Life(Build build, LongSupplier uptimeSeconds, BooleanSupplier draining) {}

    /** Liveness, readiness, metrics, and the fleet with its drain switches and how its engines are found. */
    public static List<AdminPage> of(
            FleetView fleet, Supplier<List<DiscoveryView>> discovery, Exposition metrics, Life life) {
        var readiness = new Readiness(fleet, life.draining());
        var fleetPages = new FleetPages(fleet, discovery, readiness, life);
        return List.of(
                AdminPage.get("/livez", request -> AdminReply.text(200, "alive")),
                AdminPage.get("/readyz", request -> readiness.reply()),
                new AdminPage(HttpMethod.GET, "/metrics", true, request -> metrics(metrics, request)),
                AdminPage.get("/fleet", request -> fleetPages.show()),
                AdminPage.post("/fleet/drain", request -> fleetPages.drain(request, true)),
                AdminPage.post("/fleet/undrain", request -> fleetPages.drain(request, false)));
    }

    private static AdminReply metrics(Exposition metrics, AdminRequest request) {
        String contentType = metrics.contentType(request.accept());
        return new AdminReply(200, contentType, Unpooled.wrappedBuffer(metrics.render(contentType)));
    }
}
