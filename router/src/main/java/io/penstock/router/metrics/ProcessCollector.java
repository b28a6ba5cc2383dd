package io.penstock.router.metrics;

import io.netty.util.internal.PlatformDependent;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** Shows what is running and its memory outside the heap. Threading: any thread; reads only. */
final class ProcessCollector extends Collector {

    private static final List<String> BUILD_LABELS = List.of("version", "java", "netty", "transport");

    private final List<String> build;

    ProcessCollector(Build build, String transport) {
        this.build = List.of(build.version(), build.java(), build.netty(), transport);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var info = new GaugeMetricFamily(MetricNames.BUILD, "Always 1; the labels tell what is running.", BUILD_LABELS);
        info.addMetric(build, 1);
        var memory = new GaugeMetricFamily(
                MetricNames.DIRECT_MEMORY,
                "Memory outside the heap that buffers hold. It follows the open streams; growth without them is a"
                        + " leak.",
                (double) directMemory());
        return List.of(info, memory);
    }

    /** Netty's own count; where Netty allocates through the JDK it has none, and the JDK's is right. */
    private static long directMemory() {
        long netty = PlatformDependent.usedDirectMemory();
        if (netty >= 0) {
            return netty;
        }
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
