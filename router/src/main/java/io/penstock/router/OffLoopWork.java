package io.penstock.router;

import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.access.LiveAccess;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.metrics.OffloadCollector;
import io.penstock.router.metrics.TokenizerCollector;
import io.penstock.router.prompt.LiveTokenizers;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The threads beside the event loops: one mechanism, and an instance for each kind of work, so that none of it waits behind
 * another kind. Threading: pure functions.
 */
final class OffLoopWork {

    private OffLoopWork() {}

    /** Loads the tokenizers of a router that starts; if that fails, what was opened before is closed. */
    static LiveTokenizers tokenizers(RouterConfig config, Ticker ticker, LiveAccess access) throws IOException {
        try {
            return new LiveTokenizers(config, ticker);
        } catch (IOException | RuntimeException e) {
            access.close();
            throw e;
        }
    }

    /**
     * The metrics of all of them.
     *
     * @param scansOnLoop bodies that the scan threads did not take
     */
    static void show(
            CollectorRegistry registry,
            ScanThreads scans,
            LiveAccess access,
            LiveTokenizers tokenizers,
            LongSupplier scansOnLoop) {
        registry.register(new OffloadCollector(() -> executors(scans, access, tokenizers), scansOnLoop));
        registry.register(new TokenizerCollector(tokenizers));
    }

    /** All there are now, by the name of their work in metrics. */
    private static Map<String, OffloadExecutor> executors(
            ScanThreads scans, LiveAccess access, LiveTokenizers tokenizers) {
        OffloadExecutor scan = scans.executor();
        OffloadExecutor token = access.verifiers();
        OffloadLanes lanes = tokenizers.threads();
        return lanes == null
                ? Map.of("scan", scan, "token", token)
                : Map.of("scan", scan, "token", token, "tokenize", lanes.small(), "tokenize_huge", lanes.huge());
    }
}
