package io.penstock.router.metrics;

import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes all metrics as text, sorted by name: OpenMetrics 1.0 where the reader asks for it, else the Prometheus text
 * format 0.0.4. The {@code _created} series, which would double the number of series, are left out.
 *
 * <p>Threading: any thread but an event loop, as a large registry takes tens of milliseconds.
 */
public final class Exposition {

    private final CollectorRegistry registry;
    private final Runnable before;

    /** Writes {@code registry}, running {@code before} at the start of each scrape. */
    Exposition(CollectorRegistry registry, Runnable before) {
        this.registry = registry;
        this.before = before;
    }

    /** The media type for a reader that sent this {@code Accept} header. */
    public String contentType(@Nullable String accept) {
        return TextFormat.chooseContentType(accept);
    }

    /** The metrics in the format of {@code contentType}, which is one of {@link #contentType}, as UTF-8. */
    public byte[] render(String contentType) {
        before.run();
        List<MetricFamilySamples> families = Collections.list(registry.metricFamilySamples()).stream()
                .map(Exposition::withoutCreated)
                .sorted(Comparator.comparing(family -> family.name))
                .toList();
        var bytes = new ByteArrayOutputStream(64 << 10);
        try (Writer writer = new OutputStreamWriter(bytes, StandardCharsets.UTF_8)) {
            TextFormat.writeFormat(contentType, writer, Collections.enumeration(families));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** A family without a single series stays: its name and help say that there is such a thing to count. */
    private static MetricFamilySamples withoutCreated(MetricFamilySamples family) {
        List<MetricFamilySamples.Sample> kept = family.samples.stream()
                .filter(sample -> !sample.name.endsWith("_created"))
                .toList();
        return new MetricFamilySamples(family.name, family.unit, family.type, family.help, kept);
    }
}
