package io.penstock.router.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OpenTelemetry traces: where spans go, and of how many requests. Threading: immutable. */
public record TracingConfig(
        @Key("where spans are sent by OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces")
        String endpoint,

        @Key(
                value = "PEM file with the authorities that are believed; left out: those of the system",
                defaultsTo = "~",
                file = true)
        @Nullable
        String ca,

        @Key(
                value = "share of the traces that begin here which are recorded; others as their clients say",
                defaultsTo = "1.0",
                min = "0.0",
                max = "1.0")
        double sampling,

        @Key(value = "headers for the collector that are no secrets", defaultsTo = "{}")
        Map<String, String> headers,

        @Key(
                value = "headers for the collector that are secrets, each from a file; read again for each export",
                defaultsTo = "{}",
                file = true)
        Map<String, String> headerFiles,

        @Key(value = "service.name of the spans", defaultsTo = "penstock")
        String serviceName,

        @Key(value = "more attributes of the resource, such as deployment.environment.name", defaultsTo = "{}")
        Map<String, String> resource) {}
