package io.penstock.router.accesslog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.penstock.proxy.api.TokenUsage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Entries as lines of JSON, ASCII only: whatever a client put into its path or its id, a line stays one line, and a terminal shows
 * it as it is. Threading: confined to the writing thread.
 */
final class AccessLines {

    private final JsonFactory factory =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(64 << 10);

    /** Adds a line. */
    void add(AccessEntry entry) throws IOException {
        try (JsonGenerator json = factory.createGenerator(lines)) {
            json.writeStartObject();
            json.writeStringField("time", entry.ended().toString());
            json.writeStringField("requestId", entry.requestId());
            text(json, "trace", entry.traceId());
            request(json, entry);
            route(json, entry);
            json.writeNumberField("status", entry.status());
            text(
                    json,
                    "failure",
                    entry.failure() == null ? null : entry.failure().label());
            json.writeNumberField("attempts", entry.attempts());
            json.writeNumberField("requestBytes", entry.requestBytes());
            json.writeNumberField("responseBytes", entry.responseBytes());
            count(json, "promptTokens", entry.promptTokens());
            tokens(json, entry.usage());
            count(json, "events", entry.events());
            millis(json, "queueMs", entry.timing().queue());
            millis(json, "connectMs", entry.timing().connect());
            millis(json, "firstByteMs", entry.timing().firstByte());
            millis(json, "totalMs", entry.timing().total());
            json.writeEndObject();
        }
        lines.write('\n');
    }

    private static void request(JsonGenerator json, AccessEntry entry) throws IOException {
        Long session = entry.requester().session();
        json.writeStringField("client", entry.client());
        json.writeStringField("protocol", entry.protocol());
        json.writeStringField("method", entry.method());
        json.writeStringField("path", entry.path());
        text(json, "session", session == null ? null : HexFormat.of().toHexDigits(session));
        text(json, "key", entry.requester().key());
    }

    private static void route(JsonGenerator json, AccessEntry entry) throws IOException {
        json.writeStringField("route", entry.labels().route());
        json.writeStringField("model", entry.labels().model());
        json.writeStringField("pool", entry.labels().pool());
        text(json, "engine", entry.engine() == null ? null : entry.engine().authority());
    }

    private static void tokens(JsonGenerator json, @Nullable TokenUsage usage) throws IOException {
        if (usage == null) {
            json.writeNullField("tokens");
        } else {
            json.writeObjectFieldStart("tokens");
            count(json, "prompt", usage.prompt());
            count(json, "cached", usage.cached());
            count(json, "completion", usage.completion());
            json.writeEndObject();
        }
    }

    private static void count(JsonGenerator json, String name, long value) throws IOException {
        if (value < 0) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, value);
        }
    }

    /** Milliseconds to the microsecond; null for what did not happen. */
    private static void millis(JsonGenerator json, String name, long nanos) throws IOException {
        if (nanos < 0) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, Math.round(nanos / 1e3) / 1e3);
        }
    }

    int bytes() {
        return lines.size();
    }

    /** Takes the lines out. */
    byte[] take() {
        byte[] taken = lines.toByteArray();
        lines.reset();
        return taken;
    }
}
