package io.penstock.router.tracing;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.penstock.router.config.TracingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans by OTLP over HTTP, as protobuf. A batch that the collector cannot take now is tried four times over a few seconds. When
 * that turns from good to bad or back, the log says so, once. Threading: confined to the thread of the queue.
 */
final class OtlpExport implements SpanQueue.SpanExport {

    private static final Logger log = LoggerFactory.getLogger(OtlpExport.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final RetryPolicy RETRIES = RetryPolicy.builder()
            .setMaxAttempts(4)
            .setInitialBackoff(Duration.ofMillis(300))
            .setMaxBackoff(Duration.ofSeconds(2))
            .setBackoffMultiplier(2)
            .build();

    private final java.util.logging.Logger exportersLog = java.util.logging.Logger.getLogger("io.opentelemetry");
    private final String endpoint;
    private final ExportHeaders headers;
    private final @Nullable String ca;
    private @Nullable SpanExporter exporter;
    private long lost;

    OtlpExport(TracingConfig config) {
        exportersLog.setLevel(Level.OFF); // it would tell of each batch, past the router's log
        this.endpoint = config.endpoint();
        this.headers = new ExportHeaders(config.headers(), config.headerFiles());
        this.ca = config.ca();
    }

    /** Made for the first batch, as the file with the authorities may be wrong: that is told as a collector's absence is. */
    private SpanExporter exporter() throws IOException {
        SpanExporter made = exporter;
        if (made == null) {
            var builder = OtlpHttpSpanExporter.builder()
                    .setEndpoint(endpoint)
                    .setHeaders(headers)
                    .setTimeout(TIMEOUT)
                    .setRetryPolicy(RETRIES)
                    .setMeterProvider(MeterProvider.noop());
            if (ca != null) {
                builder.setTrustedCertificates(Files.readAllBytes(Path.of(ca)));
            }
            made = builder.build();
            exporter = made;
        }
        return made;
    }

    @Override
    public boolean export(List<SpanData> batch) {
        String problem = problemWith(batch);
        if (problem == null) {
            recovered();
            return true;
        }
        if (lost == 0) {
            log.warn("traces cannot be sent to {}, their spans are lost until they can: {}", endpoint, problem);
        }
        lost += batch.size();
        return false;
    }

    private @Nullable String problemWith(List<SpanData> batch) {
        try {
            headers.refresh();
            CompletableResultCode result = exporter().export(batch).join(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (result.isSuccess()) {
                return null;
            }
            Throwable failure = result.getFailureThrowable();
            return failure == null ? "no answer within " + TIMEOUT.toSeconds() + " s" : ExportProblem.of(failure);
        } catch (IOException | RuntimeException e) {
            return ExportProblem.of(e);
        }
    }

    private void recovered() {
        if (lost > 0) {
            log.info("traces are sent to {} again; {} spans were lost", endpoint, lost);
            lost = 0;
        }
    }

    @Override
    public void close() {
        if (exporter != null) {
            exporter.shutdown().join(1, TimeUnit.SECONDS);
        }
    }
}
