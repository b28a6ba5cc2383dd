package io.penstock.router.access;

import io.penstock.proxy.offload.OffloadExecutor;
import io.penstock.router.config.RouterConfig;
import io.penstock.router.files.Lookout;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a router whose configuration changes: one {@link AccessControl} for each configuration, of which the one in
 * force is kept in step with the files and URLs it was read from. Requests that were begun with a former one end with it.
 *
 * <p>Threading: {@link #prepare} on a thread that may block, {@link #controlTake} on the control plane, the rest by whoever
 * starts and closes the router.
 */
public final class LiveAccess implements AutoCloseable {

    private static final int VERIFIER_THREADS = 2;
    private static final int MAX_QUEUED_TOKENS = 256;

    private final Lookout urls = new Lookout("penstock-keys");
    private final OffloadExecutor verifiers;
    private final Queue<AccessControl> prepared = new ConcurrentLinkedQueue<>();
    private AccessControl newest;
    private volatile AccessControl inForce;

    /**
     * Reads every secret once.
     *
     * @param shared where limits are kept in common with other routers, or null
     * @throws IOException if a file or an environment variable is missing or holds no key; nothing is left open then
     */
    public LiveAccess(RouterConfig config, AccessControl.Time time, @Nullable SharedLimits shared) throws IOException {
        verifiers = new OffloadExecutor("penstock-token", VERIFIER_THREADS, MAX_QUEUED_TOKENS);
        try {
            newest = new AccessControl(config, time, verifiers, shared);
        } catch (IOException | RuntimeException e) {
            verifiers.close();
            throw e;
        }
        inForce = newest;
    }

    /** Begins to read again what may change: files on the thread for that, URLs, which may be slow to answer, on another. */
    public void start(Lookout files) {
        var failures = inForce.counts().readFailures();
        files.watch(new Refreshes(() -> inForce.files(), failures)::refresh);
        urls.watch(new Refreshes(() -> inForce.urls(), failures)::refresh);
    }

    /**
     * Reads what a configuration names that comes into force soon; what the one before names, too, is not read for it.
     *
     * @throws IOException if a file or an environment variable is missing or holds no key; all stays as it was then
     */
    public synchronized void prepare(RouterConfig next) throws IOException {
        if (!newest.config().equals(next)) {
            newest = newest.next(next);
            prepared.add(newest);
        }
    }

    /**
     * The access of the configuration that is in force from now on.
     *
     * @param config the one of the start, or one that was prepared, in the order in which they were
     */
    public AccessControl controlTake(RouterConfig config) {
        AccessControl now = inForce;
        while (!now.config().equals(config)) {
            AccessControl next = prepared.poll();
            if (next == null) {
                throw new IllegalStateException("a configuration came into force whose secrets were not read");
            }
            now = next;
        }
        inForce = now;
        return now;
    }

    /** What is counted, over all configurations. */
    public AccessCounts counts() {
        return inForce.counts();
    }

    /** Where tokens are verified. */
    public OffloadExecutor verifiers() {
        return verifiers;
    }

    /** Reads nothing again any more, and verifies no token. */
    @Override
    public void close() {
        urls.close();
        verifiers.close();
    }
}
