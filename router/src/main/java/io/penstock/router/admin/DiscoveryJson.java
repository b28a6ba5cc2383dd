package io.penstock.router.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.penstock.router.discovery.DiscoveryView;
import io.penstock.router.fleet.PoolView;
import java.io.IOException;
import java.util.List;

/** How the engines of a pool are found, as JSON. Threading: pure functions. */
final class DiscoveryJson {

    private DiscoveryJson() {}

    /** Writes a field for it, if the pool is one of these. */
    static void write(JsonGenerator json, PoolView pool, List<DiscoveryView> discovered) throws IOException {
        for (DiscoveryView at : discovered) {
            if (at.pool().equals(pool.pool()) && !pool.removed()) {
                write(json, at);
            }
        }
    }

    private static void write(JsonGenerator json, DiscoveryView at) throws IOException {
        json.writeObjectFieldStart("discovery");
        json.writeStringField("source", at.source());
        json.writeStringField("place", at.place());
        json.writeNumberField("engines", at.engines());
        json.writeNumberField("withheld", at.withheld());
        json.writeNumberField("ageSeconds", at.ageSeconds());
        Double change = at.changeSeconds();
        if (change == null) {
            json.writeNullField("changeSeconds");
        } else {
            json.writeNumberField("changeSeconds", change);
        }
        json.writeNumberField("errors", at.errors());
        json.writeStringField("problem", at.problem());
        json.writeEndObject();
    }
}
