package io.penstock.router.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Decides which traces are recorded: as the client's context says, and of those that begin here a share, which may change while
 * the router runs. Threading: any thread.
 */
final class LiveSampler implements Sampler {

    private volatile Sampler sampler;

    LiveSampler(double share) {
        this.sampler = of(share);
    }

    void share(double share) {
        sampler = of(share);
    }

    private static Sampler of(double share) {
        return Sampler.parentBased(Sampler.traceIdRatioBased(share));
    }

    @Override
    public SamplingResult shouldSample(
            Context parent,
            String traceId,
            String name,
            SpanKind kind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        return sampler.shouldSample(parent, traceId, name, kind, attributes, parentLinks);
    }

    @Override
    public String getDescription() {
        return sampler.getDescription();
    }
}
