package io.penstock.router.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.penstock.proxy.api.ExchangeTrace;
import io.penstock.proxy.api.ProxyObserver;
import io.penstock.proxy.http.RequestHead;
import io.penstock.router.config.TracingConfig;

/**
 * Makes the spans of requests. A request belongs to its client's trace, or begins one if its client sent no context or an invalid
 * one; whether it is recorded is for the client's context to say, too, and else a matter of the configured share.
 *
 * <p>Threading: told on event loops; configured on any thread.
 */
final class RequestTraces implements ProxyObserver, AutoCloseable {

    private final LiveSampler sampler;
    private final SpanCounts counts = new SpanCounts();
    private final SpanQueue queue;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    RequestTraces(TracingConfig config, String version) {
        this(config, version, new OtlpExport(config));
    }

    RequestTraces(TracingConfig config, String version, SpanQueue.SpanExport export) {
        this.sampler = new LiveSampler(config.sampling());
        this.queue = new SpanQueue(export, counts);
        this.provider = SdkTracerProvider.builder()
                .setSampler(sampler)
                .setResource(resource(config, version))
                .addSpanProcessor(queue)
                .build();
        this.tracer = provider.get("io.penstock", version);
    }

    private static Resource resource(TracingConfig config, String version) {
        AttributesBuilder attributes =
                Attributes.builder().put("service.name", config.serviceName()).put("service.version", version);
        config.resource().forEach(attributes::put);
        return Resource.getDefault().merge(Resource.create(attributes.build()));
    }

    void start() {
        SpanFields.prepare();
        queue.start();
    }

    /** Records this share of the traces that begin here, from now on. */
    void sample(double share) {
        sampler.share(share);
    }

    /** Exports what waits now; only while this is not started. */
    void exportQueued() {
        queue.exportQueued();
    }

    SpanCounts counts() {
        return counts;
    }

    @Override
    public ExchangeTrace trace(RequestHead head) {
        return RequestSpan.begin(tracer, head);
    }

    /** Closes the queue with it, which sends what waits. */
    @Override
    public void close() {
        provider.close();
    }
}
