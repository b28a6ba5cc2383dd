package io.penstock.router.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.router.config.LimitsConfig;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.FleetView;
import io.penstock.router.fleet.PoolView;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The fleet as JSON, and the switches that drain an engine. Threading: any thread. */
final class FleetPages {

    private final FleetView fleet;
    private final Supplier<List<DiscoveryView>> discovery;
    private final Readiness readiness;
    private final AdminPages.Life life;

    FleetPages(FleetView fleet, Supplier<List<DiscoveryView>> discovery, Readiness readiness, AdminPages.Life life) {
        this.fleet = fleet;
        this.discovery = discovery;
        this.readiness = readiness;
        this.life = life;
    }

    /** All pools and their engines. */
    AdminReply show() {
        return AdminReply.json(200, Json.write(this::writeFleet));
    }

    private void writeFleet(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", life.build().version());
        json.writeNumberField("uptimeSeconds", life.uptimeSeconds());
        json.writeBooleanField("ready", readiness.ready());
        json.writeBooleanField("draining", life.draining().getAsBoolean());
        json.writeArrayFieldStart("pools");
        List<DiscoveryView> discovered = discovery.get();
        for (PoolView pool : fleet.pools()) {
            json.writeStartObject();
            json.writeStringField("name", pool.pool());
            json.writeBooleanField("canServe", pool.canServe());
            json.writeBooleanField("removed", pool.removed());
            json.writeNumberField("waiting", pool.waiting());
            writeLimits(json, pool.limits());
            DiscoveryJson.write(json, pool, discovered);
            json.writeArrayFieldStart("engines");
            for (EngineView engine : pool.engines()) {
                writeEngine(json, engine);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeLimits(JsonGenerator json, LimitsConfig limits) throws IOException {
        json.writeObjectFieldStart("limits");
        json.writeNumberField("engineRequests", limits.engineRequests());
        json.writeNumberField("poolRequests", limits.poolRequests());
        json.writeNumberField("waiting", limits.waiting());
        json.writeEndObject();
    }

    private static void writeEngine(JsonGenerator json, EngineView engine) throws IOException {
        json.writeStartObject();
        json.writeStringField("engine", engine.engine());
        json.writeStringField("state", engine.state().label());
        json.writeNumberField("inFlight", engine.inFlight());
        json.writeNumberField("sessionsHomed", engine.sessionsHomed());
        json.writeArrayFieldStart("models");
        for (String model : engine.models()) {
            json.writeString(model);
        }
        json.writeEndArray();
        json.writeObjectFieldStart("labels");
        for (var label : engine.labels().entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Starts or ends the draining of the engine that the request names; doing it twice is no error. */
    AdminReply drain(AdminRequest request, boolean draining) {
        String engine = request.parameter("engine");
        if (engine == null || engine.isEmpty()) {
            return AdminReply.error(
                    400, "engine_missing", "name the engine: ?engine=host:port, one of " + engineNames());
        }
        if (!fleet.drain(engine, draining)) {
            return AdminReply.error(
                    404, "engine_not_found", "no engine is named " + engine + "; there are " + engineNames());
        }
        return AdminReply.json(200, Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("engine", engine);
            json.writeBooleanField("draining", draining);
            json.writeEndObject();
        }));
    }

    private String engineNames() {
        return fleet.engines().stream().map(EngineView::engine).distinct().collect(Collectors.joining(", "));
    }
}
