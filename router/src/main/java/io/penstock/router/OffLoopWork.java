package io.penstock.router;

import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.proxy.offload.OffloadLanes;
import io.penstock.proxy.runtime.Ticker;
import io.penstock.router.access.LiveAccess;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.prompt.LiveTokenizers;
import java.io.IOException;
import java.util.Map;

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

    /** All there are now, by the name of their work in metrics. */
    static Map<String, OffloadExecutor> executors(ScanThreads scans, LiveAccess access, LiveTokenizers tokenizers) {
        OffloadExecutor scan = scans.executor();
        OffloadExecutor token = access.verifiers();
        OffloadLanes lanes = tokenizers.threads();
        return lanes == null
                ? Map.of("scan", scan, "token", token)
                : Map.of("scan", scan, "token", token, "tokenize", lanes.small(), "tokenize_huge", lanes.huge());
    }
}
