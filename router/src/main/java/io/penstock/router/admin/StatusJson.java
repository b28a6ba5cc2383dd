package io.penstock.router.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.router.config.PoolConfig;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.EngineView;
import io.penstock.router.fleet.PoolView;
import io.penstock.router.metrics.BucketCounts;
import io.penstock.router.metrics.Traffic;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the status page shows at one moment, as a line of JSON. What is not known, such as a rate at the first reading or a time
 * that nobody took, is null. Threading: any thread.
 */
final class StatusJson {

    /** Further models of a pool are only counted: a fleet may serve hundreds of adapters. */
    static final int MAX_MODELS = 8;

    private final Supplier<List<DiscoveryView>> discovery;
    private final Readiness readiness;
    private final AdminPages.Life life;

    StatusJson(Supplier<List<DiscoveryView>> discovery, Readiness readiness, AdminPages.Life life) {
        this.discovery = discovery;
        this.readiness = readiness;
        this.life = life;
    }

    /** The document; {@code before} is the reading that rates begin with, or null at the first one. */
    String of(List<PoolView> pools, StatusReading now, @Nullable StatusReading before, int watchers) {
        return Json.line(json -> {
            json.writeStartObject();
            json.writeStringField("version", life.build().version());
            json.writeNumberField("uptimeSeconds", life.uptimeSeconds());
            json.writeBooleanField("ready", readiness.ready());
            json.writeBooleanField("draining", life.draining().getAsBoolean());
            json.writeNumberField("watchers", watchers);
            writeRate(json, "requestsPerSecond", before, now::requestRate);
            writeRate(json, "failuresPerSecond", before, now::failureRate);
            writeRate(json, "tokensPerSecond", before, now::tokenRate);
            writeTimes(json, "firstToken", before == null ? null : now.firstToken(before));
            writeTimes(json, "added", before == null ? null : now.added(before));
            json.writeArrayFieldStart("pools");
            List<DiscoveryView> discovered = discovery.get();
            for (PoolView pool : pools) {
                json.writeStartObject();
                json.writeStringField("name", pool.pool());
                json.writeStringField("role", role(pool, pools));
                DiscoveryJson.write(json, pool, discovered);
                writePool(json, pool, now, before);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void writePool(JsonGenerator json, PoolView pool, StatusReading now, @Nullable StatusReading before)
            throws IOException {
        json.writeBooleanField("canServe", pool.canServe());
        json.writeBooleanField("removed", pool.removed());
        json.writeNumberField("waiting", pool.waiting());
        json.writeNumberField("waitingLimit", pool.limits().waiting());
        json.writeNumberField("requestsLimit", pool.limits().poolRequests());
        json.writeNumberField("engineLimit", pool.limits().engineRequests());
        writeModels(json, pool);
        json.writeArrayFieldStart("engines");
        for (EngineView engine : pool.engines()) {
            json.writeStartObject();
            json.writeStringField("name", engine.engine());
            json.writeStringField("state", engine.state().label());
            json.writeNumberField("inFlight", engine.inFlight());
            json.writeNumberField("sessions", engine.sessionsHomed());
            var place = new Traffic.Place(engine.pool(), engine.engine());
            writeRate(json, "tokensPerSecond", before, then -> now.tokenRate(then, place));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** What a group of engines does in a disaggregated pool; null for a pool that is not. */
    private static @Nullable String role(PoolView pool, List<PoolView> pools) {
        if (PoolConfig.isPrefill(pool.pool())) {
            return "prefill";
        }
        String prefill = PoolConfig.prefillName(pool.pool());
        return pools.stream().anyMatch(other -> other.pool().equals(prefill)) ? "decode" : null;
    }

    private static void writeModels(JsonGenerator json, PoolView pool) throws IOException {
        Set<String> models = new LinkedHashSet<>();
        pool.engines().forEach(engine -> models.addAll(engine.models()));
        json.writeNumberField("modelCount", models.size());
        json.writeArrayFieldStart("models");
        for (String model : models.stream().limit(MAX_MODELS).toList()) {
            json.writeString(model);
        }
        json.writeEndArray();
    }

    private static void writeRate(
            JsonGenerator json, String name, @Nullable StatusReading before, ToDoubleFunction<StatusReading> rate)
            throws IOException {
        if (before == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, rate.applyAsDouble(before));
        }
    }

    private static void writeTimes(JsonGenerator json, String name, @Nullable BucketCounts times) throws IOException {
        json.writeObjectFieldStart(name);
        writeTime(json, "median", times == null ? OptionalDouble.empty() : times.quantile(0.5));
        writeTime(json, "p95", times == null ? OptionalDouble.empty() : times.quantile(0.95));
        json.writeEndObject();
    }

    private static void writeTime(JsonGenerator json, String name, OptionalDouble seconds) throws IOException {
        if (seconds.isPresent()) {
            json.writeNumberField(name, seconds.getAsDouble());
        } else {
            json.writeNullField(name);
        }
    }
}
